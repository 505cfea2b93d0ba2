import { formatDuration } from '#core/text/duration.ts';
import { compilePattern } from './pattern.ts';
import type { PlannedStep, RetryCondition } from './plan.ts';

/** How a command ended, as far as it matters for what to do next. */
export interface CommandFailure {
  readonly reason: 'exit' | 'timeout' | 'memory' | 'cancelled' | 'spawn_failed';
  readonly exitCode?: number;
  readonly signal?: string;
  readonly message?: string;
  readonly lastLines: readonly string[];
  readonly durationMs: number;
}

/**
 * Why a command failed, in words, and whether its step's policy tries it again. A command that was cancelled, could not be started or
 * held too much memory is never tried again: a person decided the first, and the others would end the same.
 */
export function classifyFailure(
  retry: PlannedStep['retry'],
  end: CommandFailure,
): { readonly reason: string; readonly transient: boolean } {
  const passing = passingOf(end);
  const again = !finalReasons.has(end.reason) && retry.on.some((condition) => covers(condition, end, passing));
  return { reason: reasonOf(end, passing), transient: again };
}

const finalReasons: ReadonlySet<CommandFailure['reason']> = new Set(['spawn_failed', 'cancelled', 'memory']);

/** EX_TEMPFAIL of sysexits.h: "temporary failure; the user is invited to retry". */
const temporaryFailure = 75;

/** What programs print when the network or a service was away for a moment, and what that is called. */
const passingWords: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:ECONNRESET|EPIPE|socket hang up)\b|connection (?:was )?reset|broken pipe|unexpected disconnect/i,
    'the connection broke',
  ],
  [/\bECONNREFUSED\b|connection refused/i, 'the connection was refused'],
  [
    /\bE(?:SOCKET)?TIMEDOUT\b|(?:connection|operation|request|gateway) timed? ?out|timeout was reached/i,
    'the network timed out',
  ],
  [/\bEAI_AGAIN\b|temporary failure in name resolution|could not resolve host/i, 'a name could not be looked up'],
  [
    /\b(?:ENETUNREACH|EHOSTUNREACH|ENETDOWN)\b|(?:network|host) is (?:unreachable|down)|no route to host/i,
    'the network was away',
  ],
  [
    /\b(?:HTTP|status|error|code)\b[^\n]{0,20}\b(?:429|502|503|504)\b|too many requests|bad gateway|service unavailable|rate limit exceeded/i,
    'a service was busy or away',
  ],
];

/** How much of the output is looked at: the failure is in its last lines, and hostile output must not cost time. */
const lookedLines = 20;
const lookedLength = 500;

function passingOf(end: CommandFailure): string | undefined {
  if (end.reason === 'timeout') return 'it took too long';
  if (end.reason !== 'exit') return undefined;
  if (end.exitCode === temporaryFailure) return 'it calls its failure temporary';
  const lines = lookedAt(end);
  return passingWords.find(([words]) => lines.some((text) => words.test(text)))?.[1];
}

function lookedAt({ lastLines }: CommandFailure): readonly string[] {
  return lastLines.slice(-lookedLines).map((text) => text.slice(0, lookedLength));
}

function covers(condition: RetryCondition, end: CommandFailure, passing: string | undefined): boolean {
  if (condition === 'any') return true;
  if (condition === 'transient') return passing !== undefined;
  if (typeof condition === 'number') return end.exitCode === condition;
  const pattern = compilePattern(condition.output);
  return lookedAt(end).some((text) => pattern.finds(text));
}

function reasonOf(end: CommandFailure, passing: string | undefined): string {
  if (end.reason === 'spawn_failed') return end.message ?? 'the command could not be started';
  if (end.reason === 'cancelled') return 'it was cancelled';
  if (end.reason === 'memory') {
    return `${end.message ?? 'The command held too much memory.'} How much it may hold is said by \`limits.memory\` in Commander’s settings; the project’s commander.yaml can say less.`;
  }
  if (end.reason === 'timeout') {
    return `it took longer than allowed and was stopped after ${formatDuration(end.durationMs)}`;
  }
  const last = end.lastLines.findLast((text) => text.trim() !== '');
  const said = last === undefined ? '' : `: ${last.trim().slice(0, 200)}`;
  if (end.signal !== undefined) return `it was ended by ${end.signal}${said}`;
  return `exit code ${end.exitCode ?? '?'}${passing === undefined ? '' : ` (${passing})`}${said}`;
}
