import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const template = fileURLToPath(new URL('./template', import.meta.url));

/** The history that the demo begins with: each commit's message and its files. Together they are the whole template. */
const commits: readonly (readonly [message: string, paths: readonly string[]])[] = [
  ['How ripe a strawberry is', ['README.md', 'package.json', 'src']],
  ['Tests of ripeness and of the answers', ['test']],
  ['Version 1.1.0', ['CHANGELOG.md', 'VERSION']],
  ['What Commander can do here', ['commander.yaml', 'scripts']],
];

/** Git as nobody in particular: no configuration of the machine's, no person's name. */
const environment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Commander demo',
  GIT_AUTHOR_EMAIL: 'demo@localhost',
  GIT_COMMITTER_NAME: 'Commander demo',
  GIT_COMMITTER_EMAIL: 'demo@localhost',
};

/** The demo project can't be made at its place. */
export class DemoNotMade extends Error {
  readonly code: 'demo_place_taken' | 'git_missing';

  constructor(code: DemoNotMade['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'DemoNotMade';
    this.code = code;
  }
}

/**
 * Makes the demo project, a small real git repository with a history, unless it is there. It is made beside its place and
 * then moved: a crash leaves none or a whole one, and what it left behind goes with the next try.
 * @throws DemoNotMade when something else is in its place, which is left alone, or when git is not installed
 */
export async function createDemo(directory: string): Promise<void> {
  if (await isThere(join(directory, '.git'))) return;
  const making = `${directory}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(dirname(directory), { recursive: true });
  try {
    await cp(template, making, { recursive: true });
    await makeRepository(making);
    await move(making, directory);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function makeRepository(directory: string): Promise<void> {
  // An empty template: what the machine's one holds, hooks for example, would become part of the demo.
  await git(directory, 'init', '--quiet', '--initial-branch=main', '--template=');
  for (const [message, paths] of commits) {
    await git(directory, 'add', '--', ...paths);
    await git(directory, 'commit', '--quiet', `--message=${message}`);
  }
}

async function git(directory: string, ...commandLine: readonly string[]): Promise<void> {
  try {
    await execa('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', ...commandLine], {
      cwd: directory,
      env: { PATH: process.env.PATH, ...environment },
      extendEnv: false,
      stdin: 'ignore',
    });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new DemoNotMade('git_missing', 'Git is not installed here. Install git, then start Commander again.', error);
  }
}

/** A rename replaces an empty folder and nothing else, so what a person keeps there is never lost. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    throw new DemoNotMade(
      'demo_place_taken',
      `The demo project can't be made: ${to} holds something that is no git repository. Move it away, then start Commander again.`,
      error,
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // A file in place of the folder (ENOTDIR) is for `move` to tell.
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
