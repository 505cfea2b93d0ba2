import { WorkspaceError } from './errors.ts';
import { git, gitText } from './git.ts';
import { checkedTransfer, localTransport } from './hardening.ts';
import { readRef } from './refs.ts';
import { branchOf, type Source } from './source.ts';
import type { Synced } from './sync.ts';
import { fetchCommand, isLoose, keptRef, uploadPack } from './sync-repository.ts';

export interface RemoteTip {
  readonly commit: string;
  readonly branch: string;
}

/** Fetches the newest commit of a repository on another machine. What arrives is checked object by object. */
export async function syncRemote(source: Source, signal?: AbortSignal): Promise<Synced> {
  const { commit, branch } = await remoteTip(source.location, source.defaultBranch, signal);
  await fetchRemote(source, commit, signal);
  return { base: commit, branch, notes: [] };
}

/** Asks a remote repository for the tip of a branch (of its default branch when none is named). */
export async function remoteTip(url: string, wanted: string | undefined, signal?: AbortSignal): Promise<RemoteTip> {
  const ask = wanted === undefined ? 'HEAD' : `refs/heads/${branchOf(wanted)}`;
  const local = isLocal(url);
  const lines = await gitText(['ls-remote', '--symref', ...(local ? [uploadPack] : []), '--', url, ask], {
    reach: 'network',
    settings: local ? localTransport : [],
    signal,
  }).catch((error: unknown) => unreachable(url, error));
  const commit = lines.split('\n').find((line) => line.endsWith(`\t${ask}`) && !line.startsWith('ref: '));
  const pointed = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(lines)?.[1];
  const id = commit?.split('\t')[0];
  if (id === undefined || !/^[0-9a-f]{40}$/.test(id)) {
    throw wanted === undefined
      ? new WorkspaceError('no_commit', `${url} has no commit yet (or no default branch). Push one, then try again.`)
      : new WorkspaceError('branch_gone', `${url} has no branch ${wanted} any more.`);
  }
  return { commit: id, branch: wanted ?? pointed ?? 'HEAD' };
}

async function fetchRemote({ directory, location }: Source, commit: string, signal?: AbortSignal): Promise<void> {
  const reference = keptRef(commit);
  if (await isLoose(directory, reference)) return;
  const local = isLocal(location);
  try {
    await git([...fetchCommand, ...(local ? [uploadPack] : []), '--', location, `${commit}:${reference}`], {
      gitDirectory: directory,
      reach: 'network',
      settings: [...checkedTransfer, ...(local ? localTransport : [])],
      signal,
    });
  } catch (error) {
    if ((await readRef(directory, reference)) !== commit) unreachable(location, error);
  }
}

/** Whether a URL names a repository of this machine. */
export function isLocal(url: string): boolean {
  return url.startsWith('file://');
}

/** Git's own words about a failed connection, after a sentence that says what it means. */
function unreachable(url: string, error: unknown): never {
  if (!(error instanceof WorkspaceError) || (error.code !== 'git_failed' && error.code !== 'git_timeout')) throw error;
  throw new WorkspaceError(
    'source_unreachable',
    `${url} cannot be reached, or Commander is not allowed to read it: ${error.message}`,
    { cause: error },
  );
}
