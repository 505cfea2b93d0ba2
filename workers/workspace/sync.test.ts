import { execFile } from 'node:child_process';
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readFileAt } from './read-file.ts';
import { updateRefs } from './refs.ts';
import { syncSource } from './sync.ts';
import {
  personCommit,
  personGit,
  personRepository,
  readFiles,
  temporaryFolder,
  workshop,
  writeFiles,
} from './testing.ts';
import { verificationFolder } from './verification-folder.ts';

const files = { 'a.txt': 'one\n' };

it('follows the branch of a repository, also when it was rewritten', async () => {
  const { source } = await workshop('repository', files);
  await writeFiles(source.location, { 'a.txt': 'two\n' });
  const second = await personCommit(source.location, 'Second');
  expect(await syncSource(source)).toEqual({ base: second, branch: 'main', notes: [] });
  await personGit(source.location, 'commit', '-q', '--amend', '-m', 'Rewritten');
  const { base } = await syncSource(source);
  expect(base).not.toBe(second);
  expect(await personGit(source.directory, 'log', '-1', '--format=%s', base)).toBe('Rewritten');
});

it('says what is wrong with a repository', async () => {
  const { source } = await workshop('repository', files);
  await personGit(source.location, 'branch', '-m', 'main', 'trunk');
  await expect(syncSource(source)).rejects.toMatchObject({ code: 'branch_gone' });
  await rm(join(source.location, '.git'), { recursive: true });
  await expect(syncSource(source)).rejects.toMatchObject({ code: 'source_gone' });
  await personGit(source.location, 'init', '-q', '-b', 'main');
  await expect(syncSource(source)).rejects.toMatchObject({ code: 'no_commit' });
  await rename(source.location, `${source.location}-moved`);
  await expect(syncSource(source)).rejects.toMatchObject({ code: 'source_gone' });
  await writeFile(source.location, 'a file');
  await expect(syncSource(source)).rejects.toMatchObject({ code: 'source_gone' });
  await expect(syncSource({ ...source, defaultBranch: 'a:b', location: `${source.location}-moved` })).rejects.toThrow();
});

it('never writes to a repository that it fetches', async () => {
  const { source } = await workshop('repository', files);
  const before = await personGit(source.location, 'for-each-ref');
  const index = await readFiles(join(source.location, '.git'));
  await syncSource(source);
  expect(await personGit(source.location, 'for-each-ref')).toBe(before);
  expect(await readFiles(join(source.location, '.git'))).toEqual(index);
});

it('keeps the states of a plain folder, byte for byte, and writes nothing into it', async () => {
  const root = { 'crlf.txt': 'a\r\nb\r\n', '.gitattributes': '* text=auto eol=lf ident\n', 'id.txt': '$Id$\n' };
  const shop = await workshop('folder', { ...root, '.gitignore': 'cache/\n', 'cache/x': 'x' });
  const { source, folder } = shop;
  expect(await readFiles(folder.path)).toEqual({ ...root, '.gitignore': 'cache/\n' });
  const first = await syncSource(source);
  expect(first.base).toBe(folder.base);
  await writeFiles(source.location, { 'new.txt': 'x' });
  await symlink('/etc/passwd', join(source.location, 'out'));
  const [second, same] = await Promise.all([syncSource(source), syncSource(source)]);
  expect(same).toEqual(second);
  expect(second.base).not.toBe(first.base);
  expect(second.notes).toEqual(['out is left out: it is a link that leads out of the folder.']);
  expect(await personGit(source.directory, 'rev-list', '--count', 'main')).toBe('2');
  expect(Object.keys(await readFiles(source.location)).sort()).toEqual(
    ['.gitattributes', '.gitignore', 'cache/x', 'crlf.txt', 'id.txt', 'new.txt', 'out'].sort(),
  );
});

it('takes an empty folder', async () => {
  const { folder, source } = await workshop('folder', { 'a.txt': 'x' });
  await rm(join(source.location, 'a.txt'));
  const { base } = await syncSource(source);
  const empty = await verificationFolder(source, base, join(folder.path, '../checks'));
  expect(await readFiles(empty.path)).toEqual({});
  await empty.remove();
  const root = await temporaryFolder();
  await mkdir(join(root, 'nothing'));
  const fresh = { ...source, location: join(root, 'nothing'), directory: join(root, 'r.git') };
  expect((await syncSource(fresh)).branch).toBe('main');
});

it('follows a remote, refuses a broken one, and can be stopped', async () => {
  const root = await temporaryFolder();
  await personRepository(join(root, 'seed'), files);
  await personGit(root, 'clone', '-q', '--bare', 'seed', 'remote.git');
  const location = pathToFileURL(join(root, 'remote.git')).href;
  const { source } = await workshop('remote', files, { location });
  await writeFiles(join(root, 'seed'), { 'a.txt': 'two\n' });
  const second = await personCommit(join(root, 'seed'), 'Second');
  await personGit(join(root, 'seed'), 'push', '-q', '../remote.git', 'main');
  expect(await syncSource(source)).toEqual({ base: second, branch: 'main', notes: [] });
  await expect(syncSource({ ...source, defaultBranch: 'gone' })).rejects.toMatchObject({ code: 'branch_gone' });
  await expect(syncSource(source, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  await rm(join(root, 'remote.git'), { recursive: true });
  await expect(syncSource(source)).rejects.toMatchObject({ code: 'source_unreachable' });
});

it('refuses a remote that brings a file named .git', async () => {
  const root = await temporaryFolder();
  const seed = await personRepository(join(root, 'seed'), files);
  const blob = await personGit(seed, 'rev-parse', 'HEAD:a.txt');
  // Git does not make such a tree from files; mktree does not look.
  const made = promisify(execFile)('git', ['mktree'], { cwd: seed });
  made.child.stdin?.end(`100644 blob ${blob}\t.GIT\n`);
  const tree = (await made).stdout.trim();
  const commit = await personGit(seed, 'commit-tree', '-m', 'evil', tree);
  await personGit(seed, 'update-ref', 'refs/heads/main', commit);
  const { source } = await workshop('remote', files, { location: pathToFileURL(seed).href }).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'source_unreachable' });
    return { source: undefined };
  });
  expect(source).toBeUndefined();
});

it('reads a file of a commit, within a limit', async () => {
  const { source, folder } = await workshop('folder', { 'commander.yaml': 'x: 1\n', '-o': 'dash\n', 'd/e': 'x' });
  await symlink('commander.yaml', join(source.location, 'link'));
  const { base } = await syncSource(source);
  expect((await readFileAt(source, folder.base, 'commander.yaml', 100))?.toString()).toBe('x: 1\n');
  expect((await readFileAt(source, folder.base, '-o', 100))?.toString()).toBe('dash\n');
  expect(await readFileAt(source, folder.base, 'gone', 100)).toBeUndefined();
  expect(await readFileAt(source, folder.base, '*.yaml', 100)).toBeUndefined();
  await expect(readFileAt(source, base, 'commander.yaml', 4)).rejects.toMatchObject({ code: 'file_too_large' });
  await expect(readFileAt(source, base, 'link', 100)).rejects.toMatchObject({ code: 'not_a_file' });
  await expect(readFileAt(source, base, 'd', 100)).rejects.toMatchObject({ code: 'not_a_file' });
  await expect(readFileAt(source, '--output=x', 'a', 100)).rejects.toMatchObject({ code: 'unsafe_name' });
});

it('removes a lock of a reference that a killed process left', async () => {
  const { source, folder } = await workshop('folder', files);
  const lock = join(source.directory, 'refs/heads/main.lock');
  await writeFile(lock, '');
  await utimes(lock, 0, 0);
  await updateRefs(source.directory, [{ ref: 'refs/heads/main', to: folder.base }]);
});
