import { WorkspaceError } from './errors.ts';
import { landFolder } from './land-folder.ts';
import { landRemote } from './land-remote.ts';
import { landRepository } from './land-repository.ts';
import type { Source } from './source.ts';

/** A commit of our repository that shall become the tip of a branch of the project. It follows `from`, the tip that is there. */
export interface Landing {
  readonly branch: string;
  /** `undefined`: the branch is new. */
  readonly from?: string;
  readonly to: string;
  /** A few words for the reflog. */
  readonly reason: string;
}

/** Brings a commit to where the project's files come from. The only code that writes there. May be repeated after a crash. */
export async function land(source: Source, landing: Landing): Promise<void> {
  switch (source.kind) {
    case 'repository':
      return landRepository(source, landing);
    case 'remote':
      return landRemote(source, landing);
    case 'folder': {
      if (landing.from !== undefined) return landFolder(source, { ...landing, from: landing.from });
      throw new WorkspaceError('not_possible', `${source.location} is a plain folder; it has no branches.`);
    }
  }
}
