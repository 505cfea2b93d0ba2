import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readForAgent, writeForAgent } from './files.ts';

let base: string;
let folder: string;
let outside: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'commander-files-'));
  folder = join(base, 'work');
  outside = join(base, 'outside');
  for (const each of [folder, outside, join(folder, 'src')]) await mkdir(each);
});
afterEach(() => rm(base, { recursive: true, force: true }));

it('writes and reads files of the work folder, also through a link in it, and makes folders', async () => {
  await symlink('src', join(folder, 'link'));
  await writeForAgent(folder, 'link/new/a.txt', 'one\ntwo\nthree');
  await writeForAgent(folder, join(folder, 'src/new/a.txt'), 'one\ntwo');
  const read = (line?: number, limit?: number) =>
    readForAgent(folder, {
      path: 'link/new/a.txt',
      ...(line === undefined ? {} : { line }),
      ...(limit === undefined ? {} : { limit }),
    });
  await writeForAgent(folder, 'src/new/a.txt', 'one\ntwo\nthree');
  expect([await read(2, 1), await read(2), await read(undefined, 1), await read(9), await read(1, 0)]).toEqual([
    'two',
    'two\nthree',
    'one',
    '',
    '',
  ]);
});

it('writes and reads nothing elsewhere, waits for nobody at a pipe, and hands over no giants', async () => {
  await symlink(outside, join(folder, 'out'));
  await writeFile(join(outside, 'file'), 'theirs');
  await symlink(join(outside, 'file'), join(folder, 'file'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const path of [
    'out/x',
    'out/new/x',
    '../x',
    '/etc/commander-was-here',
    '.git/config',
    'src/.git/x',
    'file',
    'pipe',
  ])
    await expect(writeForAgent(folder, path, 'evil'), path).rejects.toThrow();
  await writeFile(join(folder, 'large'), Buffer.alloc(8 * 1024 * 1024 + 1));
  for (const path of [
    'out/file',
    '../outside/file',
    '/etc/passwd',
    '.git/config',
    'file',
    'pipe',
    'src',
    'none',
    'large',
  ])
    await expect(readForAgent(folder, { path }), path).rejects.toThrow();
  expect(await readFile(join(outside, 'file'), 'utf8')).toBe('theirs');
  expect(await readdir(outside)).toEqual(['file']);
});

it('is not led away by a folder that becomes a link while it is written', async () => {
  const swaps =
    "f.renameSync('src','was');f.symlinkSync(process.argv[1],'src');f.unlinkSync('src');f.renameSync('was','src')";
  const again = "f.rmSync('was',{recursive:true,force:true})";
  const loop = `const f=require('node:fs');for(;;){try{${swaps}}catch{${again}}}`;
  const attacker = spawn(process.execPath, ['-e', loop, outside], { cwd: folder, stdio: 'ignore' });
  const gone = once(attacker, 'exit');
  await once(attacker, 'spawn');
  const tries = Array.from({ length: 1_500 }, (_, index) => index);
  // Most fail, for the folder is gone or a link at that moment; what counts is where the others have written.
  for (const index of tries) await writeForAgent(folder, `src/x${index % 3}`, 'evil').catch(() => undefined);
  attacker.kill('SIGKILL');
  await gone;
  expect(await readdir(outside)).toEqual([]);
});
