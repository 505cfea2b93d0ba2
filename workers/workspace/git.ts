import { existsSync, statfsSync } from 'node:fs';
import { execa } from 'execa';
import { WorkspaceError } from './errors.ts';
import { gitEnvironment } from './hardening.ts';

export interface GitCall {
  /** The repository, always named: git never looks for one by itself (a call without works outside any, such as `ls-remote`). */
  readonly gitDirectory?: string;
  /** The folder of files that goes with it. */
  readonly workTree?: string;
  /** An index of our own instead of the repository's. */
  readonly indexFile?: string;
  /** Where to run; the work tree, else `/`. */
  readonly directory?: string;
  readonly input?: string | Buffer;
  /** Standard input from, or standard output to, a file: for packs, which may be large. */
  readonly inputFile?: string;
  readonly outputFile?: string;
  /** Variables besides the fixed ones, such as an author. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: readonly (readonly [string, string])[];
  readonly reach?: 'local' | 'network';
  /** Milliseconds. Two minutes on this machine and ten over a network; these only end what hangs. */
  readonly timeoutMs?: number;
  /** Bytes of standard output; 64 MiB. */
  readonly maxOutput?: number;
  /** Exit codes that are answers and no failures. */
  readonly answers?: readonly number[];
  /** More than `maxOutput` is cut off instead of refused. */
  readonly tooMuch?: 'refuse' | 'cut';
  readonly signal?: AbortSignal;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly cut: boolean;
}

const localTimeoutMs = 2 * 60_000;
const networkTimeoutMs = 10 * 60_000;
const defaultMaxOutput = 64 * 1024 * 1024;

/**
 * The only place where Commander starts git. Arguments are a list (no shell), the environment is built from nothing, hooks,
 * helpers, filters, prompts and every protocol but https and ssh are off. Callers put `--end-of-options` or `--` before
 * anything that came from outside.
 */
export async function git(commandLine: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
  const reach = call.reach ?? 'local';
  const result = await execa('git', commandLine, {
    cwd: call.directory ?? call.workTree ?? '/',
    env: { ...gitEnvironment(call.settings ?? [], reach), ...placeOf(call), ...call.environment },
    extendEnv: false,
    ...(call.inputFile === undefined ? { input: call.input ?? '' } : { stdin: { file: call.inputFile } }),
    stdout: call.outputFile === undefined ? 'pipe' : { file: call.outputFile },
    encoding: 'buffer',
    stripFinalNewline: false,
    buffer: { stdout: call.outputFile === undefined, stderr: true },
    maxBuffer: { stdout: call.maxOutput ?? defaultMaxOutput, stderr: 64 * 1024 },
    timeout: call.timeoutMs ?? (reach === 'network' ? networkTimeoutMs : localTimeoutMs),
    cancelSignal: call.signal,
    reject: false,
  });
  const stderr = Buffer.from(result.stderr).toString('utf8');
  const stdout = Buffer.from(result.stdout ?? []);
  if (result.exitCode !== undefined && [0, ...(call.answers ?? [])].includes(result.exitCode)) {
    return { exitCode: result.exitCode, stdout, stderr, cut: false };
  }
  if (result.isMaxBuffer && call.tooMuch === 'cut') return { exitCode: 0, stdout, stderr, cut: true };
  throw failure(commandLine, call, { ...result, stderr });
}

/** Standard output as text, without the final newline. */
export async function gitText(commandLine: readonly string[], call: GitCall = {}): Promise<string> {
  const { stdout } = await git(commandLine, call);
  return stdout.toString('utf8').replace(/\n$/, '');
}

/** Standard output of a command with `-z`: its parts between NUL bytes. */
export async function gitParts(commandLine: readonly string[], call: GitCall = {}): Promise<string[]> {
  const { stdout } = await git(commandLine, call);
  return splitParts(stdout);
}

/** The parts of an output whose entries end in NUL. */
export function splitParts(output: Buffer): string[] {
  const parts = output.toString('utf8').split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

function placeOf(call: GitCall): Record<string, string> {
  return {
    ...(call.gitDirectory === undefined ? {} : { GIT_DIR: call.gitDirectory }),
    ...(call.workTree === undefined ? {} : { GIT_WORK_TREE: call.workTree }),
    ...(call.indexFile === undefined ? {} : { GIT_INDEX_FILE: call.indexFile }),
  };
}

interface FailedRun {
  readonly code?: string;
  readonly isMaxBuffer: boolean;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly stderr: string;
  readonly cause?: unknown;
}

function failure(commandLine: readonly string[], call: GitCall, run: FailedRun): Error {
  const name = `git ${commandLine[0] ?? ''}`;
  const place = call.workTree ?? call.gitDirectory ?? call.directory ?? '';
  if (call.signal?.aborted) return abortReason(call.signal);
  if (run.code === 'ENOENT' && run.exitCode === undefined) return missing(call, run.cause);
  if (run.timedOut) {
    return new WorkspaceError('git_timeout', `${name} did not end in time${place === '' ? '' : ` (in ${place})`}.`);
  }
  if (run.isMaxBuffer) {
    return new WorkspaceError('git_output_too_large', `${name} gave more output than can be taken (in ${place}).`);
  }
  const lock = /Unable to create '([^']+\.lock)': File exists/.exec(run.stderr)?.[1];
  if (lock !== undefined) {
    return new WorkspaceError(
      'source_busy',
      `Another git command is at work: ${lock} exists. Try again when it has ended; when none runs, that file was left by a crash and can be deleted.`,
      { files: [lock], cause: run.stderr },
    );
  }
  if (isDiskFull(run.stderr, place)) {
    return new WorkspaceError('disk_full', `The disk that holds ${place} is full. Free some space, then try again.`, {
      cause: run.stderr,
    });
  }
  const said = run.stderr.trim().split('\n').slice(0, 20).join('\n');
  const end =
    run.exitCode === undefined ? `was ended (${run.signal ?? run.code ?? 'unknown'})` : `failed (${run.exitCode})`;
  return new WorkspaceError('git_failed', `${name} ${end}${place === '' ? '' : ` in ${place}`}: ${said}`);
}

/** Below this a disk has no room for a file, in bytes. */
const leastRoom = 64 * 1024;

/** Git does not always say why it could not write (a checkout does not); then the disk itself is asked. */
function isDiskFull(stderr: string, place: string): boolean {
  if (/No space left on device|Disk quota exceeded/i.test(stderr)) return true;
  if (place === '' || !/unable to (?:write|create)|failed to write/i.test(stderr)) return false;
  try {
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize < leastRoom;
  } catch {
    // The place is gone: that is another failure, which git's own words are about.
    return false;
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('stopped', { cause: signal.reason });
}

/** ENOENT is what the system says when there is no such program, and also when there is no such folder to run it in. */
function missing(call: GitCall, cause: unknown): WorkspaceError {
  const folder = call.directory ?? call.workTree;
  if (folder !== undefined && !existsSync(folder)) {
    return new WorkspaceError('source_gone', `The folder ${folder} is no longer there.`, { cause });
  }
  return new WorkspaceError(
    'git_missing',
    'Git is not installed on this machine (no program `git` on the PATH). Install it, then try again: `apt-get install git` on Debian and Ubuntu, `dnf install git` on Fedora, `brew install git` on a Mac, or see https://git-scm.com/downloads.',
    { cause },
  );
}
