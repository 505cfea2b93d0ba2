import { WorkspaceError } from './errors.ts';
import { git } from './git.ts';
import { localTransport } from './hardening.ts';
import type { Landing } from './land.ts';
import type { Source } from './source.ts';
import { isLocal } from './sync-remote.ts';

/** Pushes a commit, only if the remote branch is still where it was (a lease; nobody's commits are ever overwritten). */
export async function landRemote(source: Source, { branch, from, to }: Landing): Promise<void> {
  const { directory, location } = source;
  const reference = `refs/heads/${branch}`;
  const local = isLocal(location);
  await git(
    [
      'push',
      '--porcelain',
      '--no-verify',
      '--atomic',
      `--force-with-lease=${reference}:${from ?? ''}`,
      ...(local ? ["--receive-pack=git -c 'safe.directory=*' -c core.hooksPath=/dev/null receive-pack"] : []),
      '--',
      location,
      `${to}:${reference}`,
    ],
    { gitDirectory: directory, reach: 'network', settings: local ? localTransport : [] },
  ).catch((error: unknown) => rejected(location, branch, error));
}

function rejected(url: string, branch: string, error: unknown): never {
  if (!(error instanceof WorkspaceError) || (error.code !== 'git_failed' && error.code !== 'git_timeout')) throw error;
  const { message } = error;
  if (/stale info|fetch first|non-fast-forward/.test(message)) {
    throw new WorkspaceError(
      'base_moved',
      `The branch ${branch} of ${url} has moved meanwhile. Look at the change again, then decide.`,
      { cause: error },
    );
  }
  const refused = /rejected|declined|denied|protected/i.test(message);
  throw new WorkspaceError(
    refused ? 'push_rejected' : 'source_unreachable',
    refused
      ? `${url} did not take the push to ${branch} (is the branch protected, may Commander's key write?): ${message}`
      : `${url} cannot be reached: ${message}`,
    { cause: error },
  );
}
