/** What kept the embedded server from starting. */
export type EmbeddedServerProblem =
  | 'platform_unsupported'
  | 'binaries_unusable'
  | 'no_database_user'
  | 'directory_unreachable'
  | 'directory_unusable'
  | 'wrong_owner'
  | 'wrong_version'
  | 'password_missing'
  | 'already_running'
  | 'disk_full'
  | 'start_failed';

/** The embedded Postgres can't be used; the message says what is wrong, where, and what to do. */
export class EmbeddedServerError extends Error {
  readonly code: EmbeddedServerProblem;
  constructor(code: EmbeddedServerProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedServerError';
    this.code = code;
  }
}

/** The way out that is always open. */
export const ownServerAdvice = 'Or set DATABASE_URL to a Postgres server of your own.';

/**
 * Explains a failed initdb or server start.
 * @param what what failed, as the start of a sentence
 * @param lines the last lines that Postgres printed
 * @param directory where the data is
 */
export function explainFailure(what: string, lines: readonly string[], directory: string): EmbeddedServerError {
  const printed = lines.slice(-12).join('\n');
  const [code, advice] = diagnose(printed, directory);
  const said = printed === '' ? 'It printed nothing.' : `It said:\n${printed}`;
  return new EmbeddedServerError(code, `${what}. ${advice} ${ownServerAdvice}\n${said}`);
}

/** What to say of an error that a file operation in this directory threw; another error is returned as it is. */
export function explainFileError(error: unknown, directory: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof EmbeddedServerError || !/^E[A-Z]+$/.test(code ?? '')) return error;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return isFull ? full(directory, message, error) : unusable(directory, message, error);
}

/** The directory can't be made, read or written. */
export function unusable(directory: string, why: string, cause?: unknown): EmbeddedServerError {
  const advice = 'Give it the permissions it needs, or set COMMANDER_HOME to another directory.';
  const message = `The database's directory ${directory} can't be used: ${why}. ${advice} ${ownServerAdvice}`;
  return new EmbeddedServerError('directory_unusable', message, { cause });
}

function full(directory: string, why: string, cause: unknown): EmbeddedServerError {
  const message = `The embedded Postgres did not start: ${why}. ${freeSpace(directory)} ${ownServerAdvice}`;
  return new EmbeddedServerError('disk_full', message, { cause });
}

function freeSpace(directory: string): string {
  // 39 MB new data, at most 60 MB of copied binaries, and some to work with.
  return `The disk under ${directory} is full: free some space (200 MB is enough to start) and try again.`;
}

function diagnose(printed: string, directory: string): readonly [EmbeddedServerProblem, string] {
  if (/No space left on device|Disk quota exceeded/i.test(printed)) {
    return ['disk_full', freeSpace(directory)];
  }
  if (
    /Permission denied|Operation not permitted|Read-only file system|has (wrong ownership|invalid permissions)/i.test(
      printed,
    )
  ) {
    return [
      'directory_unusable',
      `Its files in ${directory} must belong to the user it runs as and be writable on that disk.`,
    ];
  }
  if (/database files are incompatible|not compatible with this version/i.test(printed)) {
    return [
      'wrong_version',
      `The data in ${directory} was made by another Postgres version: start the Commander that made it.`,
    ];
  }
  if (/already exists|pre-existing shared memory/i.test(printed)) {
    return ['already_running', `Another Postgres still uses ${directory}: stop it and try again.`];
  }
  return ['start_failed', `The whole log is server.log beside ${directory}.`];
}
