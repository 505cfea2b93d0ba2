import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { findCheckout, updateCheckout } from './checkout.ts';
import { commander } from './commit.ts';
import { baseMoved, notWritable } from './errors.ts';
import { git } from './git.ts';
import type { Landing } from './land.ts';
import { gitDirectoryOf } from './local-repository.ts';
import { readRef } from './refs.ts';
import type { Source } from './source.ts';

/**
 * Moves a branch of a repository of this machine to a commit of ours; where the branch is checked out, the files follow (see
 * `updateCheckout`). Objects arrive as a pack read from a file: no fetch or push runs there, so no remote, URL rewriting or
 * hook of that repository takes part.
 */
export async function landRepository(source: Source, landing: Landing): Promise<void> {
  const gitDirectory = await gitDirectoryOf(source.location);
  const reference = `refs/heads/${landing.branch}`;
  const tip = await readRef(gitDirectory, reference);
  if (tip === landing.to) return;
  if (tip !== landing.from) throw baseMoved(landing.branch);
  await sendObjects(source.directory, gitDirectory, landing);
  const checkout = await findCheckout(source.location, landing.branch);
  if (checkout !== undefined && landing.from !== undefined) {
    return updateCheckout(source, checkout, { ...landing, from: landing.from });
  }
  await git(
    ['update-ref', '--create-reflog', '-m', landing.reason, reference, landing.to, landing.from ?? '0'.repeat(40)],
    {
      gitDirectory,
      environment: { GIT_COMMITTER_NAME: commander.name, GIT_COMMITTER_EMAIL: commander.email },
    },
  ).catch(async (error: unknown) => {
    if ((await readRef(gitDirectory, reference)) !== landing.from) throw baseMoved(landing.branch, error);
    throw notWritable(source.location, error);
  });
}

async function sendObjects(ours: string, theirs: string, { from, to }: Landing): Promise<void> {
  const packFile = `${ours}.${randomUUID()}.pack`;
  try {
    await git(['pack-objects', '-q', '--revs', '--thin', '--delta-base-offset', '--stdout'], {
      gitDirectory: ours,
      input: from === undefined ? `${to}\n` : `${to}\n^${from}\n`,
      outputFile: packFile,
    });
    await git(['unpack-objects', '-q'], { gitDirectory: theirs, inputFile: packFile }).catch((error: unknown) => {
      throw notWritable(theirs, error);
    });
  } finally {
    await rm(packFile, { force: true });
  }
}
