import { chmod, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpoint } from './checkpoint.ts';
import { deliver, deliverBranch, deliveredAlready, previewDelivery } from './deliver.ts';
import { ana, readFiles, temporaryFolder, type Workshop, workshop, writeFiles } from './testing.ts';

const files = { 'a.txt': 'one\n', 'b.txt': 'two\n', 'old/gone.txt': 'x\n' };
const after = { 'a.txt': 'one\nmore\n', 'b.txt': 'two\n', 'new/c.txt': 'three\n' };

/** Work that changes `a.txt`, adds `new/c.txt` and removes `old/gone.txt`. */
async function doWork({ folder }: Workshop): Promise<string> {
  await writeFiles(folder.path, { 'a.txt': 'one\nmore\n', 'new/c.txt': 'three\n' });
  await rm(join(folder.path, 'old'), { recursive: true });
  return (await checkpoint(folder, { n: 1, message: 'work', author: ana })).commit;
}

const request = (commit: string) => ({ number: 7, commit, message: 'Merge #7', author: ana });

it('writes into a plain folder only what the work changed', async () => {
  const shop = await workshop('folder', { ...files, '.gitignore': 'cache/\n', 'cache/x': 'x' });
  const { location } = shop.source;
  const inode = (await stat(join(location, 'b.txt'))).ino;
  const commit = await doWork(shop);
  await writeFiles(location, { 'b.txt': 'two\n', 'mine.txt': 'new\n' });
  const done = await deliver(shop.source, request(commit));
  const now = { ...after, '.gitignore': 'cache/\n', 'cache/x': 'x', 'mine.txt': 'new\n' };
  expect(await readFiles(location)).toEqual(now);
  expect((await stat(join(location, 'b.txt'))).ino).toBe(inode);
  expect((await readdir(location)).sort()).toEqual(['.gitignore', 'a.txt', 'b.txt', 'cache', 'mine.txt', 'new']);
  expect(await deliver(shop.source, request(commit))).toEqual(done);
  expect(await deliveredAlready(shop.source, commit)).toBe(true);
});

it('completes a folder that a crash left half written', async () => {
  const shop = await workshop('folder', files);
  const commit = await doWork(shop);
  await writeFiles(shop.source.location, { 'new/c.txt': 'three\n' });
  await deliver(shop.source, request(commit));
  expect(await readFiles(shop.source.location)).toEqual(after);
});

it('does not write through a link in a plain folder, nor over files that it does not know', async () => {
  const shop = await workshop('folder', { ...files, '.gitignore': 'new\nbuild/\n' });
  const { location } = shop.source;
  await writeFiles(shop.folder.path, { '.gitignore': 'other\n' });
  const commit = await doWork(shop);
  const outside = await temporaryFolder();
  await symlink(outside, join(location, 'new'));
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({
    code: 'would_overwrite',
    files: ['new/c.txt'],
  });
  expect(await readdir(outside)).toEqual([]);
  await rm(join(location, 'new'));
  await writeFiles(location, { 'new/c.txt': 'mine, and ignored\n' });
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'would_overwrite' });
  await rm(join(location, 'new'), { recursive: true });
  await writeFiles(location, { new: 'a file, and ignored\n' });
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'would_overwrite' });
  expect(await readFiles(location)).toEqual({ ...files, '.gitignore': 'new\nbuild/\n', new: 'a file, and ignored\n' });
});

it('turns a folder into a file and a file into a folder in a plain folder', async () => {
  const shop = await workshop('folder', files);
  await rm(join(shop.folder.path, 'old'), { recursive: true });
  await rm(join(shop.folder.path, 'a.txt'));
  const changed = { old: 'file\n', 'a.txt/inner': 'folder\n', 'b.txt': 'two\n' };
  await writeFiles(shop.folder.path, changed);
  const { commit } = await checkpoint(shop.folder, { n: 1, message: 'x', author: ana });
  await deliver(shop.source, request(commit));
  expect(await readFiles(shop.source.location)).toEqual(changed);
});

it('says that the folder has gone', async () => {
  const shop = await workshop('folder', files);
  const commit = await doWork(shop);
  await rm(shop.source.location, { recursive: true });
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'source_gone' });
  await mkdir(shop.source.location);
  expect((await previewDelivery(shop.source, { commit })).verdict).toBe('conflict');
});

it('has no branches to deliver to', async () => {
  const shop = await workshop('folder', files);
  const commit = await doWork(shop);
  const branch = { number: 7, commit, branch: 'commander/7-do-it' };
  await expect(deliverBranch(shop.source, branch)).rejects.toMatchObject({ code: 'not_possible' });
});

it.skipIf(process.getuid?.() === 0)('says when it may not write there, and changes nothing', async () => {
  const shop = await workshop('folder', files);
  const commit = await doWork(shop);
  await chmod(shop.source.location, 0o500);
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'source_not_writable' });
  await chmod(shop.source.location, 0o700);
  expect(await readFiles(shop.source.location)).toEqual(files);
});
