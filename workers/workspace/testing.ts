import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { removeFolder } from './remove-folder.ts';
import type { Source } from './source.ts';
import { syncSource } from './sync.ts';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

const run = promisify(execFile);

/** A person who asks for work, in tests. */
export const ana = { name: 'Ana Lima', email: 'ana@example.org' };

/** A folder that the end of the test removes. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'commander-workspace-')));
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** Runs plain git, as a person does. */
export async function personGit(folder: string, ...commandLine: string[]): Promise<string> {
  const { stdout } = await run('git', ['-c', 'user.name=Ben', '-c', 'user.email=ben@example.org', ...commandLine], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  return stdout.trimEnd();
}

/** Writes files (path → content) into a folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** All files of a folder (path → content; links as `-> target`), without `.git`. */
export async function readFiles(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (name === '.git' || name.startsWith('.git/') || entry.isDirectory()) continue;
    files[name] = entry.isSymbolicLink() ? `-> ${await readlink(path)}` : await readFile(path, 'utf8');
  }
  return files;
}

/** A repository of a person, with one commit of these files on `main`. */
export async function personRepository(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  await personGit(folder, 'init', '-q', '-b', 'main');
  await writeFiles(folder, files);
  await personCommit(folder, 'First');
  return folder;
}

/** Commits everything, as the person; gives the commit. */
export async function personCommit(folder: string, message: string): Promise<string> {
  await personGit(folder, 'add', '-A');
  await personGit(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return personGit(folder, 'rev-parse', 'HEAD');
}

export interface Workshop {
  readonly home: string;
  readonly source: Source;
  readonly folder: WorkFolder;
}

/** A project of the given kind with a task's work folder opened on it. */
export async function workshop(
  kind: Source['kind'],
  files: Readonly<Record<string, string>>,
  change: Partial<Source> = {},
): Promise<Workshop> {
  const root = await temporaryFolder();
  const home = join(root, 'home');
  const location = join(root, 'project');
  if (kind === 'folder') await writeFiles(location, files);
  else await personRepository(location, files);
  const source: Source = {
    projectId: 'p1',
    kind,
    location,
    directory: join(home, 'projects/p1/repository.git'),
    ...(kind === 'repository' ? { defaultBranch: 'main' } : {}),
    ...change,
  };
  const { base } = await syncSource(source);
  const folder = await openWorkFolder(source, { taskId: 't1', number: 7, slug: 'do-it', home, base });
  return { home, source, folder };
}
