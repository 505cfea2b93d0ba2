import { RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { limitEnds } from '#core/agents/provider-limit.ts';
import { authRequired } from '#core/agents/session-error.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { CommandEnd } from '../../process/command.ts';
import type { StepEnd } from '../runtime.ts';
import { DidNotStart } from './converse.ts';
import { WrongProtocol } from './open-session.ts';
import { NotOffered } from './session-options.ts';

type Failure = StepEnd & { readonly type: 'failed' };

const reasonLength = 500;

export interface FailureContext {
  readonly redactor: Redactor;
  readonly now: Date;
  /** When the limit of its provider ends, as the agent said before. */
  readonly known?: Date | undefined;
}

/** How an agent's step ends when the agent answers with an error. */
export function failureOf(said: unknown, { name, login }: AgentSpec, { redactor, ...when }: FailureContext): Failure {
  const error = withoutSecrets(said, redactor);
  if (error instanceof DidNotStart) return { ...failed(error.message), transient: true };
  if (error instanceof NotOffered || error instanceof WrongProtocol) return failed(error.message);
  if (!(error instanceof RequestError)) return failed(`${name} failed: ${wordsOf(error)}`);
  if (error.code === authRequired) {
    return failed(`${name} is not logged in on this worker. To log in: ${login ?? 'see its documentation'}.`);
  }
  const limit = limitEnds(error, when);
  if (limit !== undefined) {
    return {
      type: 'failed',
      reason: `${name} has reached the limit of its provider: ${wordsOf(error)}`,
      transient: true,
      retryAt: limit.toISOString(),
    };
  }
  return failed(`${name} failed: ${wordsOf(error)}${detailsOf(error.data, redactor)}`);
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
  return `${message ?? 'It held too much memory.'} How much it may hold is said by \`memory\` of ${name} in Commander’s settings; \`limits.memory\` in the project’s commander.yaml can say less.`;
}

function failed(reason: string): Failure {
  return { type: 'failed', reason: shorten(reason, reasonLength), transient: false };
}

/** What an error says besides its message, which often is “Internal error” alone: the SDK of the protocol puts it there, others do alike. */
function detailsOf(data: unknown, redactor: Redactor): string {
  const { success, data: said } = errorDetails.safeParse(data);
  return success ? `: ${wordsOf(redactor.redact(said))}` : '';
}

const errorDetails = z.union([
  z.string().min(1),
  z.object({ details: z.string().min(1) }).transform(({ details }) => details),
  z.object({ message: z.string().min(1) }).transform(({ message }) => message),
]);

function wordsOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), {
    singleLine: true,
    maxLength: reasonLength,
  });
}
