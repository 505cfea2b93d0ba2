import { chmod, mkdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpoint } from './checkpoint.ts';
import { diff } from './diff.ts';
import { restore } from './restore.ts';
import { maxFileBytes } from './scan.ts';
import { ana, personGit, readFiles, workshop, writeFiles } from './testing.ts';
import { openWorkFolder, removeWorkFolder } from './work-folder.ts';

const strange = [
  'with space.txt',
  'emoji 🚀.txt',
  'new\nline.txt',
  '-leading.txt',
  'quote".txt',
  `${'x'.repeat(240)}.txt`,
];
const files = { 'a.txt': 'one\n', 'lib/b.txt': 'two\n', '.gitignore': 'node_modules/\n' };

it('opens a folder with exactly the files of the commit, where git works for those who use it', async () => {
  const { folder } = await workshop('repository', files);
  expect(await readFiles(folder.path)).toEqual(files);
  expect(await personGit(folder.path, 'status', '--porcelain', '--branch')).toBe('## commander/7-do-it');
  expect(await personGit(folder.path, 'log', '--format=%s')).toBe('First');
});

it('keeps changed, new and removed files, and names the person', async () => {
  const { folder, source } = await workshop('repository', files);
  await writeFiles(folder.path, { 'a.txt': 'one\nmore\n', 'new/c.txt': 'three\n', 'node_modules/x.js': 'x' });
  await rm(join(folder.path, 'lib/b.txt'));
  const made = await checkpoint(folder, {
    n: 1,
    message: '#7: change it',
    author: ana,
    trailers: { 'Requested-by': 'Ana\nForged: line' },
  });
  expect(made.changed).toBe(true);
  expect(made.excluded).toEqual([]);
  expect(made.files).toEqual([
    { path: 'a.txt', status: 'modified', added: 1, removed: 0, binary: false },
    { path: 'lib/b.txt', status: 'deleted', added: 0, removed: 1, binary: false },
    { path: 'new/c.txt', status: 'added', added: 1, removed: 0, binary: false },
  ]);
  const shown = await personGit(source.directory, 'log', '-1', '--format=%an <%ae>%n%cn%n%B', 'refs/commander/7/1');
  expect(shown).toBe('Ana Lima <ana@example.org>\nCommander\n#7: change it\n\nRequested-by: Ana Forged: line');
  expect(await personGit(source.directory, 'rev-parse', 'commander/7-do-it')).toBe(made.commit);
});

it('takes file names of every kind, and gives them back', async () => {
  const { folder, source } = await workshop('repository', files);
  await writeFiles(folder.path, Object.fromEntries(strange.map((name) => [name, name])));
  const made = await checkpoint(folder, { n: 1, message: 'names', author: ana });
  expect(made.files.map(({ path }) => path).sort()).toEqual([...strange].sort());
  const { patch } = await diff(source, folder.base, made.commit);
  expect(patch).toContain('+++ b/emoji 🚀.txt');
  await restore(folder, folder.base);
  expect(await readFiles(folder.path)).toEqual(files);
  await restore(folder, made.commit, { files: ['new\nline.txt', '-leading.txt'] });
  expect(await readFiles(folder.path)).toEqual({
    ...files,
    'new\nline.txt': 'new\nline.txt',
    '-leading.txt': '-leading.txt',
  });
});

it('gives the same commit when called twice, and the newer files when they changed in between', async () => {
  const { folder, source } = await workshop('repository', files);
  await writeFiles(folder.path, { 'a.txt': 'half\n' });
  const request = { n: 1, message: 'step', author: ana };
  const first = await checkpoint(folder, request);
  expect(await checkpoint(folder, request)).toEqual(first);
  await writeFiles(folder.path, { 'a.txt': 'whole\n' });
  const again = await checkpoint(folder, request);
  expect(again.commit).not.toBe(first.commit);
  expect(await personGit(source.directory, 'rev-parse', `${again.commit}^`)).toBe(folder.base);
  expect(await personGit(source.directory, 'show', `${again.commit}:a.txt`)).toBe('whole');
});

it('makes no commit when nothing changed', async () => {
  const { folder } = await workshop('repository', files);
  const made = await checkpoint(folder, { n: 1, message: 'nothing', author: ana });
  expect(made).toEqual({ commit: folder.base, changed: false, files: [], excluded: [] });
});

it('leaves out what must not be recorded, and says so', async () => {
  const { folder } = await workshop('repository', files);
  const { path } = folder;
  await symlink('/etc/passwd', join(path, 'absolute'));
  await symlink('../../outside', join(path, 'lib/up'));
  await symlink('../a.txt', join(path, 'lib/fine'));
  await personGit(await mkdirs(path, 'nested'), 'init', '-q');
  await personGit(await mkdirs(path, 'bare'), 'init', '-q', '--bare');
  await writeFiles(path, { 'deep/.GIT/config': '[core]\n\tfsmonitor = touch /tmp/x\n', 'nested/inside.txt': 'x' });
  await writeFile(join(path, 'large.bin'), '');
  await truncate(join(path, 'large.bin'), maxFileBytes + 1);
  const made = await checkpoint(folder, { n: 1, message: 'x', author: ana });
  expect(made.files.map((file) => file.path)).toEqual(['lib/fine']);
  expect([...new Set(made.excluded.map((each) => each.path.replace(/^bare\/.*/, 'bare/…')))].sort()).toEqual([
    'absolute',
    'bare/…',
    'deep/.GIT/config',
    'large.bin',
    'lib/up',
    'nested',
  ]);
  expect(made.excluded.find(({ path: each }) => each === 'absolute')?.why).toBe(
    'it is a link that leads out of the folder',
  );
});

it('is not led out by a folder that became a link', async () => {
  const { folder, home, source } = await workshop('repository', files);
  await writeFiles(home, { 'secret/b.txt': 'secret\n' });
  await rm(join(folder.path, 'lib'), { recursive: true });
  await symlink(join(home, 'secret'), join(folder.path, 'lib'));
  const made = await checkpoint(folder, { n: 1, message: 'x', author: ana });
  expect(made.excluded.map(({ path }) => path)).toEqual(['lib']);
  expect(await personGit(source.directory, 'show', `${made.commit}:lib/b.txt`)).toBe('two');
  await restore(folder, folder.base);
  expect(await readFiles(folder.path)).toEqual(files);
  expect(await readFiles(join(home, 'secret'))).toEqual({ 'b.txt': 'secret\n' });
});

it('follows folders that become files and files that become folders', async () => {
  const { folder } = await workshop('repository', files);
  await rm(join(folder.path, 'lib'), { recursive: true });
  await rm(join(folder.path, 'a.txt'));
  const changed = { '.gitignore': 'node_modules/\n', lib: 'a file now\n', 'a.txt/inner.txt': 'a folder now\n' };
  await writeFiles(folder.path, changed);
  const made = await checkpoint(folder, { n: 1, message: 'x', author: ana });
  await restore(folder, folder.base);
  expect(await readFiles(folder.path)).toEqual(files);
  await restore(folder, made.commit);
  expect(await readFiles(folder.path)).toEqual(changed);
});

it('restores whole, with new files gone and ignored ones kept unless asked', async () => {
  const { folder } = await workshop('repository', files);
  await writeFiles(folder.path, { 'a.txt': 'x', 'new/file.txt': 'x', 'node_modules/x.js': 'x', 'hidden.log': 'x' });
  await writeFiles(folder.path, { '.gitignore': '*.log\nnode_modules/\n' });
  await restore(folder, folder.base);
  expect(await readFiles(folder.path)).toEqual({ ...files, 'node_modules/x.js': 'x' });
  await restore(folder, folder.base, { clean: 'all' });
  expect(await readFiles(folder.path)).toEqual(files);
  expect(await personGit(folder.path, 'status', '--porcelain')).toBe('');
});

it('keeps the executable bit', async () => {
  const { folder } = await workshop('folder', files);
  await chmod(join(folder.path, 'a.txt'), 0o755);
  const made = await checkpoint(folder, { n: 1, message: 'x', author: ana });
  await restore(folder, folder.base);
  expect((await stat(join(folder.path, 'a.txt'))).mode & 0o111).toBe(0);
  await restore(folder, made.commit);
  expect((await stat(join(folder.path, 'a.txt'))).mode & 0o100).toBe(0o100);
});

it('opens again after a crash: as it was, from the newest checkpoint, or anew', async () => {
  const { folder, source, home } = await workshop('repository', files);
  const request = { taskId: 't1', number: 7, slug: 'do-it', home, base: folder.base };
  await writeFiles(folder.path, { 'a.txt': 'kept\n' });
  const refs = join(source.directory, 'refs');
  for (const lock of [folder.indexFile, join(refs, 'commander/7/1'), join(refs, 'heads/commander/7-do-it')]) {
    await writeFile(`${lock}.lock`, '');
  }
  const again = await openWorkFolder(source, request);
  expect(await readFiles(again.path)).toEqual({ ...files, 'a.txt': 'kept\n' });
  const made = await checkpoint(again, { n: 1, message: 'x', author: ana });
  await writeFiles(folder.path, { 'a.txt': 'not yet kept\n' });
  await rm(folder.indexFile);
  const withoutIndex = await openWorkFolder(source, request);
  expect(await readFiles(withoutIndex.path)).toEqual({ ...files, 'a.txt': 'not yet kept\n' });
  expect((await checkpoint(withoutIndex, { n: 2, message: 'y', author: ana })).files).toHaveLength(1);
  await removeWorkFolder(home, 't1');
  const anew = await openWorkFolder(source, request);
  expect(await readFiles(anew.path)).toEqual({ ...files, 'a.txt': 'not yet kept\n' });
  expect(anew.base).toBe(folder.base);
  expect(anew.head).not.toBe(made.commit);
});

it('makes a folder anew that was never complete', async () => {
  const { folder, source, home } = await workshop('repository', files);
  const half = join(home, 'work/t2');
  await writeFiles(half, { 'half.txt': 'x' });
  const opened = await openWorkFolder(source, { taskId: 't2', number: 8, slug: 'x', home, base: folder.base });
  expect(await readFiles(opened.path)).toEqual(files);
});

async function mkdirs(...parts: string[]): Promise<string> {
  const path = join(...parts);
  await mkdir(path, { recursive: true });
  return path;
}
