import { ensureRepository } from './lay-out.ts';
import { checkThere } from './local-repository.ts';
import { snapshot } from './snapshot.ts';
import type { Source } from './source.ts';
import { syncRemote } from './sync-remote.ts';
import { syncRepository } from './sync-repository.ts';

/** The newest state of a project, in Commander's own repository. */
export interface Synced {
  /** The commit to start from. */
  readonly base: string;
  /** The branch that it is the tip of; `HEAD` when a repository is at no branch. */
  readonly branch: string;
  /** What a person should know of it, in whole sentences. */
  readonly notes: readonly string[];
}

export interface SyncOptions {
  readonly signal?: AbortSignal;
  /** `skip`: what a person should know of a repository's state was said already, and looking for it costs more than all the rest. */
  readonly notes?: 'skip';
}

/**
 * Takes the newest state of a project into Commander's own repository: fetches a repository, keeps a plain folder's files as
 * a commit. Nothing is written to where they come from. May be called at any time, by several processes at once.
 */
export async function syncSource(source: Source, options: SyncOptions = {}): Promise<Synced> {
  if (source.kind !== 'remote') await checkThere(source.location);
  await ensureRepository(source);
  switch (source.kind) {
    case 'repository':
      return syncRepository(source, options);
    case 'folder':
      return snapshot(source);
    case 'remote':
      return syncRemote(source, options.signal);
  }
}
