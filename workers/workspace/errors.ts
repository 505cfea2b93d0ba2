export type WorkspaceProblem =
  /** Git is not installed on this machine. */
  | 'git_missing'
  /** Git did something that no other code here says; the message carries its own words. */
  | 'git_failed'
  | 'git_timeout'
  /** Git wrote more than the caller was ready to take. */
  | 'git_output_too_large'
  | 'disk_full'
  /** The project's folder or repository is no longer there. */
  | 'source_gone'
  | 'source_unreadable'
  | 'source_not_writable'
  /** Another git command is at work there, a merge or rebase is under way, or a lock was left behind. */
  | 'source_busy'
  | 'source_unreachable'
  | 'no_commit'
  | 'branch_gone'
  | 'unsafe_name'
  | 'file_too_large'
  | 'not_a_file'
  /** The branch is not where it was when a person was asked. */
  | 'base_moved'
  | 'conflict'
  /** The person's own uncommitted files are in the way. */
  | 'would_overwrite'
  | 'push_rejected'
  | 'not_possible'
  | 'nothing_to_do';

/** Something about a project's files that a person can act on: the message says what is wrong, where, and what to do. */
export class WorkspaceError extends Error {
  readonly code: WorkspaceProblem;
  /** The files that it is about, relative to the project. */
  readonly files: readonly string[];

  constructor(
    code: WorkspaceProblem,
    message: string,
    details: { readonly files?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'WorkspaceError';
    this.code = code;
    this.files = details.files ?? [];
  }
}

/** A few names for a sentence: `a, b and 3 more`. */
export function nameFew(names: readonly string[], limit = 5): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}

/** What it means that a branch is not where it was. */
export function baseMoved(branch: string, cause?: unknown): WorkspaceError {
  return new WorkspaceError(
    'base_moved',
    `The branch ${branch} has moved meanwhile. Look at the change again, then decide.`,
    {
      cause,
    },
  );
}

/** An error of the system (or of git, in its words) as what it means for a person: Commander may not write there. */
export function notWritable(place: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const system = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  if (!system && !/permission denied|insufficient permission|read-only file system/i.test(message)) return error;
  return new WorkspaceError(
    'source_not_writable',
    `Commander is not allowed to write to ${place}. Give its user the right to, then try again. Nothing was changed.`,
    { cause: error },
  );
}
