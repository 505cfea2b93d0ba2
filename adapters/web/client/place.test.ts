import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathOf, placeOf } from './place.ts';

it('reads what it writes', () => {
  const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(name, fc.option(name, { nil: undefined }), (channel, thread) => {
      expect(placeOf(pathOf(channel, thread))).toEqual({ channel, thread });
    }),
  );
});

it.each(['/', '/c/', '/tasks/7', '/c/a/b/c', '/api/chat'])('%s is no place', (path) => {
  expect(placeOf(path)).toEqual({ channel: undefined, thread: undefined });
});

it('survives a broken escape', () => {
  expect(placeOf('/c/%zz').channel).toBe('%zz');
});
