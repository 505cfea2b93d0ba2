import fc from 'fast-check';
import { expect, it } from 'vitest';
import { channelName } from './channel-dialog.ts';

it.each([
  ['releases', 'releases'],
  ['#My Releases!', 'my-releases'],
  ['  a   b ', 'a-b'],
  ['???', ''],
])('%s means %s', (typed, name) => {
  expect(channelName(typed)).toBe(name);
});

it('gives a name that the server takes, or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      expect(channelName(typed)).toMatch(/^(?:[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?$/);
    }),
  );
});
