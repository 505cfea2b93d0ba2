import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newestOf } from './log-file.ts';

const logs = ['1', '2', '3'].map((name) => ({ title: `Step ${name}`, place: `logs/${name}.log` }));
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-log-'));
  await mkdir(join(home, 'logs'));
  await writeFile(join(home, 'logs/1.log'), 'first\nsecond\n');
  await writeFile(join(home, 'logs/3.log'), '\x1b[31mthird\x1b[0m\n');
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('puts all output into one file, oldest first, harmless to show', async () => {
  const { text, left } = await newestOf(home, logs, 1000);
  expect(text).toBe('=== Step 1 ===\nfirst\nsecond\n\n=== Step 2 ===\nThere is no output.\n\n=== Step 3 ===\nthird\n');
  expect(left).toBe(0);
});

it('keeps the newest output where there is too much, and says what is left out and where it is', async () => {
  const [first, , last] = logs;
  const two = [first, last].flatMap((each) => each ?? []);
  const some = await newestOf(home, two, 15 + 8);
  expect(some.text).toBe(
    '=== Step 1 ===\n… 6 B before this are on disk, in logs/1.log.\nsecond\n\n=== Step 3 ===\nthird\n',
  );
  expect(some).toMatchObject({ read: 22, left: 6 });
  expect(await newestOf(home, two, 15)).toMatchObject({ read: 15, left: 13 });
});
