import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { inspectSource } from './inspect.ts';
import { personCommit, personGit, personRepository, temporaryFolder, writeFiles } from './testing.ts';

async function room() {
  const root = await temporaryFolder();
  const home = join(root, 'home');
  await mkdir(home);
  return { root, inspect: (text: string) => inspectSource(text, { home }), home };
}

it('knows a repository, also through a link, with its branch', async () => {
  const { root, inspect } = await room();
  const path = await personRepository(join(root, 'My project'), { 'a.txt': 'x' });
  await symlink(path, join(root, 'link'));
  const expected = {
    ok: true,
    kind: 'repository',
    location: path,
    name: 'My project',
    defaultBranch: 'main',
    notes: [],
  };
  expect(await inspect(path)).toEqual(expected);
  expect(await inspect(join(root, 'link'))).toEqual(expected);
  expect(await inspect(join(path, '.git'))).toEqual(expected);
});

it('tells of uncommitted changes, a detached HEAD and a merge under way, and goes on', async () => {
  const { root, inspect } = await room();
  const path = await personRepository(join(root, 'p'), { 'a.txt': 'x' });
  await writeFiles(path, { 'a.txt': 'changed' });
  await personGit(path, 'checkout', '-q', '--detach');
  await writeFile(join(path, '.git/MERGE_HEAD'), await personGit(path, 'rev-parse', 'HEAD'));
  const found = await inspect(path);
  expect(found).toMatchObject({ ok: true, kind: 'repository' });
  expect(found).not.toHaveProperty('defaultBranch');
  expect(found.ok && found.notes).toEqual([
    'The repository is at no branch (detached HEAD); the work starts from its commit.',
    'The repository is in the middle of a merge; only commits are used.',
    'Uncommitted changes are not part of the work: a.txt.',
  ]);
});

it('takes bare repositories and linked worktrees', async () => {
  const { root, inspect } = await room();
  const path = await personRepository(join(root, 'p'), { 'a.txt': 'x' });
  await personGit(root, 'clone', '-q', '--bare', 'p', 'bare.git');
  await personGit(path, 'worktree', 'add', '-q', '-b', 'side', join(root, 'tree'));
  expect(await inspect(join(root, 'bare.git'))).toMatchObject({
    kind: 'repository',
    name: 'bare',
    defaultBranch: 'main',
  });
  expect(await inspect(join(root, 'tree'))).toMatchObject({ kind: 'repository', defaultBranch: 'side' });
});

it('tells a part of a repository from a folder that only lies inside one', async () => {
  const { root, inspect } = await room();
  const path = await personRepository(join(root, 'p'), { 'part/a.txt': 'x', '.gitignore': 'own/\n' });
  await writeFiles(path, { 'own/b.txt': 'x' });
  const part = await inspect(join(path, 'part'));
  expect(part).toMatchObject({ kind: 'repository', location: path });
  expect(part.ok && part.notes[0]).toContain('the project is the whole repository');
  expect(await inspect(join(path, 'own'))).toEqual({
    ok: true,
    kind: 'folder',
    location: join(path, 'own'),
    name: 'own',
    notes: [],
  });
});

it('refuses what no work can start from, and says why', async () => {
  const { root, inspect, home } = await room();
  await personGit(root, 'init', '-q', 'empty');
  await personGit(root, 'init', '-q', '--object-format=sha256', 'new');
  await writeFiles(root, { 'file.txt': 'x', 'home/projects/x/a.txt': 'x' });
  await symlink('circle', join(root, 'circle'));
  const problems = Object.fromEntries(
    await Promise.all(
      [
        'empty',
        'new',
        'file.txt',
        'file.txt/below',
        'gone',
        'circle',
        'home/projects/x',
        'home',
        '.',
        'a\0b',
        'x'.repeat(300),
      ].map(async (name) => {
        const found = await inspect(join(root, name));
        return [name.slice(0, 20), found.ok ? 'ok' : found.problem] as const;
      }),
    ),
  );
  expect(problems).toEqual({
    empty: 'empty_repository',
    new: 'unsupported_repository',
    'file.txt': 'not_a_directory',
    'file.txt/below': 'gone',
    gone: 'gone',
    circle: 'gone',
    'home/projects/x': 'own_data',
    home: 'own_data',
    '.': 'own_data',
    'a\0b': 'not_absolute',
    [`${'x'.repeat(20)}`]: 'gone',
  });
  expect(await inspectSource(`file://${home}/repositories/x.git`, { home })).toMatchObject({ problem: 'own_data' });
  for (const place of ['/proc/self', '/dev', '/sys'].filter((each) => existsSync(each)))
    expect(await inspect(place), place).toMatchObject({ ok: false, problem: 'own_data' });
  expect(await inspect('../relative')).toMatchObject({ ok: false, problem: 'not_absolute' });
  expect(await inspectSource('', { home })).toMatchObject({ ok: false, problem: 'not_absolute' });
});

it.skipIf(process.getuid?.() === 0)('says when it may not read a folder', async () => {
  const { root, inspect } = await room();
  await mkdir(join(root, 'closed'));
  await chmod(join(root, 'closed'), 0o000);
  expect(await inspect(join(root, 'closed'))).toMatchObject({ ok: false, problem: 'unreadable' });
  await chmod(join(root, 'closed'), 0o700);
});

it.each([
  'http://example.org/x.git',
  'git://example.org/x.git',
  'ext::sh -c touch% /tmp/x',
  'ext::sh',
  'ssh://-oProxyCommand=touch/x',
  'https://user:secret@example.org/x.git',
  'https://token@example.org/x.git',
  'https://',
  'file://host/x',
  'file:///x%2Fy',
  'https://example.org/a b',
  '-oProxyCommand=x:y',
  `https://example.org/${'x'.repeat(3000)}`,
])('refuses the URL %j', async (url) => {
  const { inspect } = await room();
  const found = await inspect(url);
  expect(found.ok).toBe(false);
  expect(!found.ok && ['url_refused', 'not_absolute']).toContain(!found.ok && found.problem);
  expect(JSON.stringify(found)).not.toContain('secret');
});

it('takes a remote repository with its default branch, and says when there is none', async () => {
  const { root, inspect } = await room();
  await personRepository(join(root, 'seed'), { 'a.txt': 'x' });
  await personGit(join(root, 'seed'), 'checkout', '-q', '-b', 'trunk');
  await personCommit(join(root, 'seed'), 'second');
  await personGit(root, 'clone', '-q', '--bare', 'seed', 'my tool.git');
  await personGit(root, 'init', '-q', '--bare', 'empty.git');
  const location = pathToFileURL(join(root, 'my tool.git')).href;
  expect(await inspect(location)).toMatchObject({ kind: 'remote', location, defaultBranch: 'trunk' });
  expect(await inspect(`file://${root}/empty.git`)).toMatchObject({ ok: false, problem: 'empty_repository' });
  expect(await inspect(`file://${root}/gone.git`)).toMatchObject({ ok: false, problem: 'unreachable' });
  expect(await inspect('https://127.0.0.1:9/x.git')).toMatchObject({ ok: false, problem: 'unreachable' });
});

it('says that git is missing, and how to get it', async () => {
  const { root, inspect } = await room();
  const empty = await mkdtemp(join(root, 'bin-'));
  vi.stubEnv('PATH', empty);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const found = await inspect(root.replace(/\/[^/]*$/, ''));
  expect(found).toMatchObject({ ok: false, problem: 'git_missing' });
  expect(!found.ok && found.message).toContain('apt-get install git');
  await rm(empty, { recursive: true });
});
