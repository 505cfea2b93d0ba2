import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { checkpoint } from './checkpoint.ts';
import { deliver, deliverBranch, deliveredAlready, previewDelivery } from './deliver.ts';
import { syncSource } from './sync.ts';
import {
  ana,
  personCommit,
  personGit,
  personRepository,
  readFiles,
  temporaryFolder,
  type Workshop,
  workshop,
  writeFiles,
} from './testing.ts';
import { openWorkFolder } from './work-folder.ts';

const files = { 'a.txt': 'one\n', 'b.txt': 'two\n', 'old/gone.txt': 'x\n' };
const after = { 'a.txt': 'one\nmore\n', 'b.txt': 'two\n', 'new/c.txt': 'three\n' };

/** Work that changes `a.txt`, adds `new/c.txt` and removes `old/gone.txt`. */
async function doWork({ folder }: Workshop): Promise<string> {
  await writeFiles(folder.path, { 'a.txt': 'one\nmore\n', 'new/c.txt': 'three\n' });
  await rm(join(folder.path, 'old'), { recursive: true });
  return (await checkpoint(folder, { n: 1, message: 'work', author: ana })).commit;
}

const request = (commit: string) => ({ number: 7, commit, message: 'Merge #7', author: ana });

it('delivers into a clean checkout, once, however often it is called', async () => {
  const shop = await workshop('repository', files);
  const { source } = shop;
  const commit = await doWork(shop);
  expect(await deliveredAlready(source, commit)).toBe(false);
  const preview = await previewDelivery(source, { commit });
  expect(preview).toMatchObject({ verdict: 'ready', branch: 'main', movedBy: 0, base: shop.folder.base });
  expect(await readFiles(source.location)).toEqual(files);
  const done = await deliver(source, { ...request(commit), expectedBase: preview.base });
  expect(await readFiles(source.location)).toEqual(after);
  expect(await personGit(source.location, 'status', '--porcelain', '--branch')).toBe('## main');
  expect(await personGit(source.location, 'log', '--first-parent', '--format=%s|%an')).toBe(
    'Merge #7|Ana Lima\nFirst|Ben',
  );
  expect(await deliver(source, { ...request(commit), expectedBase: preview.base })).toEqual(done);
  expect(await personGit(source.location, 'rev-parse', 'main')).toBe(done.commit);
  expect(await deliveredAlready(source, commit)).toBe(true);
  expect((await previewDelivery(source, { commit })).verdict).toBe('already');
  expect(await personGit(source.location, 'reflog', '-1', '--format=%gs')).toBe('commander: deliver #7');
});

it('leaves unrelated uncommitted changes alone', async () => {
  const shop = await workshop('repository', files);
  const { location } = shop.source;
  const commit = await doWork(shop);
  await writeFiles(location, { 'b.txt': 'mine\n', 'untracked.txt': 'mine\n' });
  await personGit(location, 'add', 'b.txt');
  await deliver(shop.source, request(commit));
  expect(await readFiles(location)).toEqual({ ...after, 'b.txt': 'mine\n', 'untracked.txt': 'mine\n' });
  expect(await personGit(location, 'status', '--porcelain')).toBe('M  b.txt\n?? untracked.txt');
});

it.each([
  ['changed', { 'a.txt': 'mine\n' }, 'a.txt'],
  ['untracked', { 'new/c.txt': 'mine\n' }, 'new/c.txt'],
])('refuses to overwrite a file of the person (%s), naming it', async (_, mine, name) => {
  const shop = await workshop('repository', files);
  const { location } = shop.source;
  const commit = await doWork(shop);
  await writeFiles(location, mine);
  expect(await previewDelivery(shop.source, { commit })).toMatchObject({
    verdict: 'blocked',
    obstacles: [{ path: name }],
  });
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'would_overwrite', files: [name] });
  expect(await readFiles(location)).toEqual({ ...files, ...mine });
  expect(await personGit(location, 'rev-parse', 'main')).toBe(shop.folder.base);
  expect(await personGit(location, 'diff', '--cached')).toBe('');
  await rm(join(location, name));
  if (name === 'a.txt') await personGit(location, 'checkout', '-q', 'a.txt');
  await deliver(shop.source, request(commit));
  expect(await readFiles(location)).toEqual(after);
});

it('completes what a crash ended half-way', async () => {
  const shop = await workshop('repository', files);
  const { location } = shop.source;
  const commit = await doWork(shop);
  await writeFiles(location, { 'a.txt': 'one\nmore\n', 'new/c.txt': 'three\n' });
  await deliver(shop.source, request(commit));
  expect(await readFiles(location)).toEqual(after);
  expect(await personGit(location, 'status', '--porcelain')).toBe('');
});

it('merges when the base has moved, and refuses when that was not what the person saw', async () => {
  const shop = await workshop('repository', files);
  const { source, folder } = shop;
  const commit = await doWork(shop);
  await writeFiles(source.location, { 'b.txt': 'two\nmeanwhile\n' });
  await personCommit(source.location, 'Meanwhile');
  await expect(deliver(source, { ...request(commit), expectedBase: folder.base })).rejects.toMatchObject({
    code: 'base_moved',
  });
  expect(await previewDelivery(source, { commit })).toMatchObject({ verdict: 'ready', movedBy: 1 });
  const done = await deliver(source, request(commit));
  expect(await readFiles(source.location)).toEqual({ ...after, 'b.txt': 'two\nmeanwhile\n' });
  expect(done.files.map(({ path }) => path)).toEqual(['a.txt', 'new/c.txt', 'old/gone.txt']);
});

it('names the files that conflict, and touches nothing', async () => {
  const shop = await workshop('repository', files);
  const { source } = shop;
  const commit = await doWork(shop);
  await writeFiles(source.location, { 'a.txt': 'other\n', 'old/gone.txt': 'changed\n' });
  const tip = await personCommit(source.location, 'Meanwhile');
  const preview = await previewDelivery(source, { commit });
  expect(preview.verdict).toBe('conflict');
  expect(preview.obstacles).toEqual([
    { path: 'a.txt', why: 'both sides changed the same lines' },
    { path: 'old/gone.txt', why: 'one side changed it and the other deleted it' },
  ]);
  await expect(deliver(source, request(commit))).rejects.toMatchObject({ code: 'conflict' });
  expect(await personGit(source.location, 'rev-parse', 'main')).toBe(tip);
  expect(await personGit(source.location, 'status', '--porcelain')).toBe('');
});

it('says when the project has the same changes already', async () => {
  const shop = await workshop('repository', files);
  const commit = await doWork(shop);
  await writeFiles(shop.source.location, after);
  await rm(join(shop.source.location, 'old'), { recursive: true });
  await personCommit(shop.source.location, 'Same');
  expect((await previewDelivery(shop.source, { commit })).verdict).toBe('nothing');
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'nothing_to_do' });
});

it('refuses in the middle of a merge of the person', async () => {
  const shop = await workshop('repository', files);
  const { location } = shop.source;
  const commit = await doWork(shop);
  await personGit(location, 'checkout', '-q', '-b', 'side');
  await writeFiles(location, { 'b.txt': 'side\n' });
  await personCommit(location, 'side');
  await personGit(location, 'checkout', '-q', 'main');
  await writeFiles(location, { 'b.txt': 'main\n' });
  await personCommit(location, 'main');
  await personGit(location, 'merge', 'side').catch(() => undefined);
  const preview = await previewDelivery(shop.source, { commit });
  expect(preview).toMatchObject({ verdict: 'blocked' });
  expect(preview.summary).toContain('in the middle of a merge');
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'source_busy' });
});

it('says so when a lock of git is in the way', async () => {
  const shop = await workshop('repository', files);
  const commit = await doWork(shop);
  await writeFile(join(shop.source.location, '.git/index.lock'), '');
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'source_busy' });
  expect(await readFiles(shop.source.location)).toEqual(files);
});

it('moves only the branch when another one is checked out', async () => {
  const shop = await workshop('repository', files);
  const { location } = shop.source;
  await personGit(location, 'checkout', '-q', '-b', 'other');
  const { commit } = await deliver(shop.source, request(await doWork(shop)));
  expect(await personGit(location, 'rev-parse', 'main')).toBe(commit);
  expect(await readFiles(location)).toEqual(files);
  expect(await personGit(location, 'status', '--porcelain', '--branch')).toBe('## other');
});

it('updates the linked worktree where the branch is checked out', async () => {
  const shop = await workshop('repository', files);
  const { location } = shop.source;
  await personGit(location, 'checkout', '-q', '-b', 'other');
  const linked = join(await temporaryFolder(), 'linked');
  await personGit(location, 'worktree', 'add', '-q', linked, 'main');
  await deliver(shop.source, request(await doWork(shop)));
  expect(await readFiles(linked)).toEqual(after);
  expect(await personGit(linked, 'status', '--porcelain')).toBe('');
  expect(await readFiles(location)).toEqual(files);
});

it('delivers to a bare repository', async () => {
  const root = await temporaryFolder();
  await personRepository(join(root, 'seed'), files);
  await personGit(root, 'clone', '-q', '--bare', 'seed', 'bare.git');
  const shop = await workshop('repository', files, { location: join(root, 'bare.git') });
  const { commit } = await deliver(shop.source, request(await doWork(shop)));
  expect(await personGit(join(root, 'bare.git'), '--git-dir=.', 'rev-parse', 'main')).toBe(commit);
});

it('offers only a branch of its own when the repository is at none', async () => {
  const shop = await workshop('repository', files, { defaultBranch: undefined });
  const { location } = shop.source;
  await personGit(location, 'checkout', '-q', '--detach');
  const commit = await doWork(shop);
  expect((await previewDelivery(shop.source, { commit })).verdict).toBe('blocked');
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'not_possible' });
  const branch = 'commander/7-do-it';
  const done = await deliverBranch(shop.source, { number: 7, commit, branch });
  expect(await personGit(location, 'rev-parse', branch)).toBe(commit);
  expect(await deliverBranch(shop.source, { number: 7, commit, branch })).toEqual(done);
  await personGit(location, 'checkout', '-q', branch);
  const foreign = await personCommit(location, 'mine');
  await writeFiles(shop.folder.path, { 'a.txt': 'again\n' });
  const next = await checkpoint(shop.folder, { n: 2, message: 'x', author: ana });
  await expect(deliverBranch(shop.source, { number: 7, commit: next.commit, branch })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await personGit(location, 'rev-parse', branch)).toBe(foreign);
});

it('pushes to a remote, with a lease', async () => {
  const root = await temporaryFolder();
  await personRepository(join(root, 'seed'), files);
  await personGit(root, 'clone', '-q', '--bare', 'seed', 'remote.git');
  const location = pathToFileURL(join(root, 'remote.git')).href;
  const shop = await workshop('remote', files, { location });
  const commit = await doWork(shop);
  const done = await deliver(shop.source, request(commit));
  expect(done.branch).toBe('main');
  const tip = () => personGit(join(root, 'remote.git'), '--git-dir=.', 'rev-parse', 'main');
  expect(await tip()).toBe(done.commit);
  expect(await deliver(shop.source, request(commit))).toEqual(done);
  await deliverBranch(shop.source, { number: 7, commit, branch: 'commander/7-do-it' });
  await rename(join(root, 'remote.git'), join(root, 'moved.git'));
  await expect(deliver(shop.source, request(commit))).rejects.toMatchObject({ code: 'source_unreachable' });
});

it('lets several tasks of one project work and deliver at once', async () => {
  const shop = await workshop('repository', files);
  const { source, home } = shop;
  const commits = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (number) => {
      const { base } = await syncSource(source);
      const folder = await openWorkFolder(source, {
        taskId: `many-${number}`,
        number: 100 + number,
        slug: 'x',
        home,
        base,
      });
      await writeFiles(folder.path, { [`${number}.txt`]: 'x' });
      return (await checkpoint(folder, { n: 1, message: 'x', author: ana })).commit;
    }),
  );
  for (const [index, commit] of commits.entries()) {
    await deliver(source, { ...request(commit), number: 101 + index });
  }
  expect(Object.keys(await readFiles(source.location))).toHaveLength(9);
});
