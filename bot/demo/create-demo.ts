import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const template = fileURLToPath(new URL('./template', import.meta.url));

/** Git as nobody in particular: no configuration of the machine's, no hooks. */
const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Commander demo',
  GIT_AUTHOR_EMAIL: 'demo@localhost',
  GIT_COMMITTER_NAME: 'Commander demo',
  GIT_COMMITTER_EMAIL: 'demo@localhost',
};

/** Makes the demo project, a small real git repository, unless it is there. A crash leaves none or a whole one. */
export async function createDemo(directory: string): Promise<void> {
  if (await isThere(join(directory, '.git'))) return;
  const making = `${directory}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(dirname(directory), { recursive: true });
  await cp(template, making, { recursive: true });
  for (const commandLine of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    ['commit', '--quiet', '--message=A small API about strawberries'],
  ]) {
    await execa('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', ...commandLine], {
      cwd: making,
      env: environment,
      extendEnv: false,
    });
  }
  await rm(directory, { recursive: true, force: true });
  await rename(making, directory);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
