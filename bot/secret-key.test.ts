import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { secretKey } from './secret-key.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-key-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('is made once, for its owner alone, and found again', async () => {
  const keys = await Promise.all([secretKey(home, undefined), secretKey(home, undefined)]);
  expect(keys[0]).toEqual(keys[1]);
  expect(await secretKey(home, undefined)).toEqual(keys[0]);
  expect((await stat(join(home, 'secret.key'))).mode & 0o777).toBe(0o600);
});

it('is taken as given, and nothing is written then', async () => {
  const given = randomBytes(32);
  expect(await secretKey(home, given.toString('base64'))).toEqual(given);
  await expect(stat(join(home, 'secret.key'))).rejects.toThrow('ENOENT');
});

it('is refused when it is no key, with how to make one', async () => {
  await expect(secretKey(home, 'password')).rejects.toThrow(/COMMANDER_SECRET_KEY.*openssl/);
  await writeFile(join(home, 'secret.key'), 'cut short');
  await expect(secretKey(home, undefined)).rejects.toThrow(/secret\.key.*openssl/);
});
