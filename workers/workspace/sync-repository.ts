import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { nameFew, WorkspaceError } from './errors.ts';
import { git, gitText } from './git.ts';
import { localTransport } from './hardening.ts';
import { dirtyFiles, gitDirectoryOf, operationUnderWay } from './local-repository.ts';
import { readTip } from './read-tip.ts';
import { readRef } from './refs.ts';
import { branchOf, type Source } from './source.ts';
import type { Synced, SyncOptions } from './sync.ts';

/** Fetches the newest commit of a repository of this machine. */
export async function syncRepository(source: Source, options: SyncOptions): Promise<Synced> {
  const gitDirectory = await gitDirectoryOf(source.location);
  const branch = source.defaultBranch === undefined ? 'HEAD' : branchOf(source.defaultBranch);
  const [base, notes] = await Promise.all([
    tipOf(gitDirectory, source.location, branch),
    options.notes === 'skip' ? [] : repositoryNotes(gitDirectory, source.location, branch),
  ]);
  await fetchLocal(source.directory, gitDirectory, base);
  return { base, branch, notes };
}

/** The commit that a branch of a repository names (`HEAD` for where it is). */
async function tipOf(gitDirectory: string, location: string, branch: string): Promise<string> {
  const commit =
    (await readTip(gitDirectory, branch)) ??
    (await readRef(gitDirectory, branch === 'HEAD' ? 'HEAD' : `refs/heads/${branch}`));
  if (commit !== undefined) return commit;
  const any = await gitText(['for-each-ref', '--count=1', '--format=%(refname)', 'refs/heads/'], { gitDirectory });
  throw any === ''
    ? new WorkspaceError(
        'no_commit',
        `The repository ${location} has no commit yet. Make the first one, then try again.`,
      )
    : new WorkspaceError('branch_gone', `The repository ${location} has no branch ${branch} any more.`);
}

export interface RepositoryHead {
  /** `sha1` or `sha256`. */
  readonly format: string;
  /** None when it is at no branch. */
  readonly branch?: string;
  /** None in a repository without commits. */
  readonly commit?: string;
}

/** Where a repository of this machine is now. */
export async function readRepositoryHead(gitDirectory: string): Promise<RepositoryHead> {
  const call = { gitDirectory, answers: [1] };
  const [format, branch, commit] = await Promise.all([
    gitText(['rev-parse', '--show-object-format'], { gitDirectory }),
    gitText(['symbolic-ref', '--quiet', 'HEAD'], call),
    readRef(gitDirectory, 'HEAD'),
  ]);
  return {
    format,
    ...(branch.startsWith('refs/heads/') ? { branch: branch.slice('refs/heads/'.length) } : {}),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** Takes a commit and all before it into our repository. The reference is named by the commit: no two fetches get in each other's way. */
async function fetchLocal(directory: string, from: string, commit: string): Promise<void> {
  const reference = keptRef(commit);
  if (await isLoose(directory, reference)) return;
  try {
    await git([...fetchCommand, uploadPack, '--', from, `${commit}:${reference}`], {
      gitDirectory: directory,
      settings: localTransport,
      timeoutMs: 10 * 60_000,
    });
  } catch (error) {
    // Another process may have fetched the same commit in the same moment.
    if ((await readRef(directory, reference)) !== commit) throw error;
  }
}

export const fetchCommand: readonly string[] = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  '--update-shallow',
];

/**
 * The serving side runs in the other repository and does not get our settings. Git refuses to serve what belongs to another
 * user unless told so; the text is a constant, nothing from outside is in it.
 */
export const uploadPack = "--upload-pack=git -c 'safe.directory=*' upload-pack";

/** The reference that keeps a fetched commit from being cleared away. */
export function keptRef(commit: string): string {
  return `refs/source/${commit}`;
}

/** Whether our repository has a reference as a file of its own (a packed one counts as missing: fetching again does no harm). */
export async function isLoose(directory: string, reference: string): Promise<boolean> {
  return access(join(directory, reference)).then(
    () => true,
    () => false,
  );
}

/** What a person should know of the state of his repository, in whole sentences. `HEAD` stands for no branch. */
export async function repositoryNotes(gitDirectory: string, location: string, branch: string): Promise<string[]> {
  if (gitDirectory === location) return [];
  const [operation, dirty] = await Promise.all([
    operationUnderWay(gitDirectory),
    dirtyFiles(gitDirectory, location).catch(ignoreUnreadable),
  ]);
  const notes: string[] = [];
  if (branch === 'HEAD') notes.push('The repository is at no branch (detached HEAD); the work starts from its commit.');
  if (operation !== undefined) notes.push(`The repository is in the middle of ${operation}; only commits are used.`);
  if (dirty.length > 0) {
    const names = nameFew(dirty);
    notes.push(`Uncommitted changes are not part of the work: ${names}.`);
  }
  return notes;
}

/** Notes are a courtesy: a checkout that git cannot look through does not stop the work. */
function ignoreUnreadable(error: unknown): [] {
  if (error instanceof WorkspaceError && error.code !== 'git_missing') return [];
  throw error;
}
