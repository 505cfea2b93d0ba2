import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostEntry, reachOf, readDestination } from './network.ts';

const allowed = ['api.example.org', '*.files.example.org', '10.0.0.5:11434', 'model.lan:8080'];

function reach(authority: string) {
  const destination = readDestination(authority);
  return destination === undefined ? 'unreadable' : reachOf(destination, allowed);
}

describe('what an agent may reach', () => {
  it.each([
    ['api.example.org:443', 'tls'],
    ['a.files.example.org:443', 'tls'],
    ['10.0.0.5:11434', 'exact'],
    ['model.lan:8080', 'exact'],
  ])('%s: %s', (authority, how) => expect(reach(authority)).toBe(how));

  it.each([
    'api.example.org:80',
    'api.example.org.evil.example:443',
    'evil-api.example.org:443',
    'files.example.org:443',
    'evilfiles.example.org:443',
    '10.0.0.5:22',
    '10.0.0.6:11434',
    '93.184.216.34:443',
    'model.lan:443',
  ])('not %s', (authority) => expect(reach(authority)).toBeUndefined());

  it.each([
    'api.example.org\0.evil.example:443',
    'evil.example\0api.example.org:443',
    'api.example.org.:443',
    'API.example.org:443',
    'api.exämple.org:443',
    'api。example。org:443',
    'user@api.example.org:443',
    'api.example.org:443@evil.example:443',
    'api.example.org:0443',
    'api.example.org:443 ',
    ' api.example.org:443',
    'api.example.org:443\r\nHost: x',
    'api.example.org:99999',
    'api.example.org',
    'http://api.example.org:443',
    '[::1]:443',
    '[::ffff:127.0.0.1]:443',
    '0x7f000001:443',
    '0x7f.0.0.1:443',
    '2130706433:443',
    '127.1:443',
    '0177.0.0.1:443',
    'a_b.example.org:443',
    '-a.example.org:443',
    '..:443',
    ':443',
    '%61pi.example.org:443',
  ])('cannot be written as %j', (authority) => expect(reach(authority)).toBe('unreadable'));

  it('is never more than a list of exact names says, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        for (const authority of [`api.example.org${noise}:443`, `${noise}api.example.org:443`]) {
          const destination = readDestination(authority);
          if (destination !== undefined && reachOf(destination, ['api.example.org']) !== undefined)
            expect(destination.host).toBe('api.example.org');
        }
      }),
    );
  });

  it('is listed in one spelling', () => {
    for (const entry of allowed) expect(hostEntry.safeParse(entry).success).toBe(true);
    for (const entry of ['*', '*.', 'https://a.org', 'A.org', '10.0.0.5', '*.lan:80', 'a.org/', ''])
      expect(hostEntry.safeParse(entry).success).toBe(false);
  });
});
