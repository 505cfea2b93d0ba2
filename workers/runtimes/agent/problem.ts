import { RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { CommandEnd } from '../../process/command.ts';
import type { StepEnd } from '../runtime.ts';
import { DidNotStart } from './converse.ts';
import { authRequired, WrongProtocol } from './open-session.ts';
import { NotOffered } from './session-options.ts';

type Failure = StepEnd & { readonly type: 'failed' };

const reasonLength = 500;

/** How an agent's step ends when the agent answers with an error. */
export function failureOf(
  said: unknown,
  { name, login }: AgentSpec,
  { now, redactor }: { readonly now: Date; readonly redactor: Redactor },
): Failure {
  const error = withoutSecrets(said, redactor);
  if (error instanceof DidNotStart) return { ...failed(error.message), transient: true };
  if (error instanceof NotOffered || error instanceof WrongProtocol) return failed(error.message);
  if (!(error instanceof RequestError)) return failed(`${name} failed: ${wordsOf(error)}`);
  if (error.code === authRequired) {
    return failed(`${name} is not logged in on this worker. To log in: ${login ?? 'see its documentation'}.`);
  }
  const limit = limitOf(error.data, now);
  if (limit !== undefined) {
    return {
      type: 'failed',
      reason: `${name} has reached the limit of its provider: ${wordsOf(error)}`,
      transient: true,
      retryAt: limit.toISOString(),
    };
  }
  return failed(`${name} failed: ${wordsOf(error)}`);
}

/** Before anything of it is cut: half a secret would not be found. */
function withoutSecrets(error: unknown, redactor: Redactor): unknown {
  if (error instanceof Error) error.message = redactor.redact(error.message);
  return error;
}

/** How it ends when the agent's process is gone in the middle. */
export function failureOfExit(end: CommandEnd, { name }: AgentSpec): Failure {
  if (end.reason === 'memory') return failed(outOfMemory(end, name));
  const last = end.lastLines.slice(-3).join(' · ');
  const how = end.signal === undefined ? `with exit code ${end.exitCode}` : `by ${end.signal}`;
  const said = last === '' ? '' : `: ${last}`;
  return { ...failed(`${name} ended ${how} in the middle of its work${said}`), transient: true };
}

function outOfMemory({ message }: CommandEnd, name: string): string {
  return `${message ?? 'It held too much memory.'} Whoever runs Commander can raise \`memory\` of ${name} in its settings.`;
}

/** Without a time of its own a limit is tried again after this, in milliseconds. */
const limitWaitMs = 15 * 60_000;
/** No provider's window is longer (a week); what says more is mistaken. Milliseconds. */
const longestWaitMs = 7 * 24 * 3_600_000;

/** The structured part of an error that says that a usage limit was reached, in the ways in which agents say it. */
const limitData = z.object({
  kind: z.string().optional(),
  type: z.string().optional(),
  errorKind: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  retryAfter: z.number().optional(),
  retryAfterMs: z.number().optional(),
  resetsAt: z.union([z.number(), z.string()]).optional(),
});

const limitKinds = new Set([
  'rate_limit',
  'rate_limit_error',
  'usage_limit',
  'usage_limit_reached',
  'insufficient_quota',
  'overloaded_error',
  '429',
  '529',
]);

/** When a limit is over, told by an error's data alone: words that look like a limit may stand in any output. */
function limitOf(data: unknown, now: Date): Date | undefined {
  const parsed = limitData.safeParse(data);
  if (!parsed.success) return undefined;
  const { kind, type, errorKind, code, retryAfter, retryAfterMs, resetsAt } = parsed.data;
  if (![kind, type, errorKind, String(code)].some((each) => each !== undefined && limitKinds.has(each)))
    return undefined;
  const resets =
    resetsAt === undefined ? Number.NaN : typeof resetsAt === 'number' ? resetsAt * 1000 : Date.parse(resetsAt);
  const waits = [
    retryAfterMs,
    retryAfter === undefined ? undefined : retryAfter * 1000,
    resets - now.getTime(),
    limitWaitMs,
  ];
  const wait = waits.find((each) => each !== undefined && Number.isFinite(each) && each > 0) ?? limitWaitMs;
  return new Date(now.getTime() + Math.min(wait, longestWaitMs));
}

function failed(reason: string): Failure {
  return { type: 'failed', reason: shorten(reason, reasonLength), transient: false };
}

function wordsOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), {
    singleLine: true,
    maxLength: reasonLength,
  });
}
