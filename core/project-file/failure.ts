import { formatDuration } from '#core/text/duration.ts';
import type { PlannedStep, RetryCondition } from './plan.ts';

/** How a command ended, as far as it matters for what to do next. */
export interface CommandFailure {
  readonly reason: 'exit' | 'timeout' | 'cancelled' | 'spawn_failed';
  readonly exitCode?: number;
  readonly signal?: string;
  readonly message?: string;
  readonly lastLines: readonly string[];
  readonly durationMs: number;
}

/** EX_TEMPFAIL of sysexits.h: "temporary failure; the user is invited to retry". */
const temporaryFailure = 75;

/** What programs print when the network or a service was away for a moment. */
const passing =
  /ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|socket hang up|connection (reset|timed out|refused)|temporary failure|\b(502|503|504)\b|too many requests/i;

/** Why a command failed, in words, and whether its step's policy tries it again. */
export function classifyFailure(
  retry: PlannedStep['retry'],
  end: CommandFailure,
): { readonly reason: string; readonly transient: boolean } {
  const transient = passes(end);
  const again = retry.on.some((condition) => covers(condition, end, transient));
  return { reason: reasonOf(end, transient), transient: again };
}

function passes(end: CommandFailure): boolean {
  if (end.reason === 'timeout' || end.exitCode === temporaryFailure) return true;
  return end.reason === 'exit' && end.lastLines.some((text) => passing.test(text));
}

function covers(condition: RetryCondition, end: CommandFailure, transient: boolean): boolean {
  if (condition === 'any') return end.reason !== 'spawn_failed';
  return condition === 'transient' ? transient : end.exitCode === condition;
}

function reasonOf(end: CommandFailure, transient: boolean): string {
  if (end.reason === 'spawn_failed') return end.message ?? 'the command could not be started';
  if (end.reason === 'timeout')
    return `it took longer than allowed and was stopped after ${formatDuration(end.durationMs)}`;
  const last = end.lastLines.findLast((text) => text.trim() !== '');
  const said = last === undefined ? '' : `: ${last.trim().slice(0, 200)}`;
  if (end.signal !== undefined) return `it was ended by ${end.signal}${said}`;
  return `exit code ${end.exitCode ?? '?'}${transient ? ' (temporary)' : ''}${said}`;
}
