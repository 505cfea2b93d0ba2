import type { Readable, Writable } from 'node:stream';
import type { Redactor } from '#core/text/redact.ts';
import type { Containment } from './containment.ts';
import type { OutputLine } from './line-feed.ts';

/** One command to run, and its limits. */
export interface CommandSpec {
  /** A name that is looked up in PATH of `env`, or a path (relative ones from `cwd`). Never a shell text. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; begin with `baseEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  /** Default: no limit. */
  readonly timeoutMs?: number;
  /** Bytes of memory that all its processes together may hold; it is stopped when they hold more. Default: no limit. */
  readonly memoryBytes?: number;
  /** Written to its standard input, which is then closed. Default: no input. */
  readonly stdin?: string;
  /** It talks over its standard input and output, which the caller holds; only its errors are lines and log. */
  readonly interactive?: true;
  /** Marks every process of the run (the value of COMMANDER_RUN), so that `sweep` finds them. */
  readonly cookie: string;
  /** Created or replaced. */
  readonly logFile: string;
  /** Default 10 MiB. */
  readonly logLimitBytes?: number;
  /** Takes secrets out of lines, log and messages. */
  readonly redactor?: Redactor;
  /** How long a command that is asked to stop may clean up before it is killed. Default 5 s. */
  readonly graceMs?: number;
  /** How many lines the reader gets at most. Default 100. */
  readonly linesPerSecond?: number;
  /** Default, and never more than: the strongest that the machine allows. */
  readonly containment?: Containment;
}

/** A command that has been started, or has failed to. */
export interface RunningCommand {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Of an interactive one. */
  readonly pipes?: { readonly input: Writable; readonly output: Readable };
  /** For one reader; he may be slow, or not read at all. */
  readonly lines: AsyncIterable<OutputLine>;
  /** Never rejects. When it resolves, nothing of the command is left running and the log is complete. */
  readonly ended: Promise<CommandEnd>;
  /** Asks the whole tree to end at once, kills it after the grace. Resolves when nothing is left; may be called again. */
  stop(): Promise<void>;
}

/** How a command ended. */
export interface CommandEnd {
  readonly reason: 'exit' | 'timeout' | 'memory' | 'cancelled' | 'spawn_failed';
  readonly exitCode?: number;
  /** The signal that ended it, when it was one; `exitCode` is then missing. */
  readonly signal?: string;
  /** What a person should know and can do, when it did not just exit; also when the log is incomplete. */
  readonly message?: string;
  /** Bytes of both streams together. */
  readonly outputBytes: number;
  /** Lines that `lines` left out, since they came faster than they may be shown. */
  readonly droppedLines: number;
  /** The log holds less than the whole output; it says so itself where. */
  readonly logTruncated: boolean;
  /** The last 20 lines that are not blank, of both streams in the order in which they came. */
  readonly lastLines: readonly string[];
  readonly durationMs: number;
}
