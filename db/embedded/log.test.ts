import { mkdir, readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openServerLog } from './log.ts';
import { temporaryHome } from './testing.ts';

const limit = 4 * 1024 * 1024 + 8 * 1024 + 1;

test('The log keeps the newest lines in two files of bounded size, readable by us alone', async () => {
  await using home = await temporaryHome();
  await mkdir(home.files.root);
  const log = openServerLog(home.files.log, () => undefined);
  for (let line = 0; line < 1200; line += 1) log.write(`${line} ${'x'.repeat(20_000)}`);
  log.close();
  log.write('late');
  const [newer, older] = await Promise.all([stat(home.files.log), stat(`${home.files.log}.1`)]);
  expect(newer.size).toBeLessThanOrEqual(limit);
  expect(older.size).toBeLessThanOrEqual(limit);
  expect(newer.mode & 0o777).toBe(0o600);
  const lines = (await readFile(home.files.log, 'utf8')).trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^1199 x+$/);
});

test('A log that can not be written is told once, and the last lines are known all the same', async () => {
  await using home = await temporaryHome();
  const notices: string[] = [];
  const log = openServerLog(home.files.log, (line) => notices.push(line));
  for (const line of ['one', 'two', 'three']) log.write(line);
  expect(notices).toEqual([expect.stringContaining(`${home.files.log} can't be written: ENOENT`)]);
  expect(log.tail()).toEqual(['one', 'two', 'three']);
});
