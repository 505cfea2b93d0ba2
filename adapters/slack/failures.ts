import { webApi } from '@slack/bolt';
import { PostLater, PostRefused } from '#core/chat/adapter.ts';
import { defaultPatience, type Graces } from './patience.ts';

/** Slack gave no answer, or one that says nothing, to a request that is no call of its Web API. */
export class NoAnswer extends Error {
  readonly code = 'no_answer';
}

/** What a request that is no call of the Web API fails with when its connection does. @throws NoAnswer */
export function unanswered(error: unknown): never {
  throw new NoAnswer('Slack does not answer', { cause: error });
}

/** What an answer without success means: Slack says no for good, or was busy. */
export function failed({ status }: Response, to: string): Error {
  const words = `Slack answered ${status} to ${to}`;
  return status >= 500 || status === 429 ? new NoAnswer(words) : new PostRefused(words);
}

/** The error's own word of Slack, such as `channel_not_found`. */
export function slackError(error: unknown): string | undefined {
  const cause = error instanceof PostRefused ? error.cause : error;
  return cause instanceof webApi.WebAPIPlatformError ? cause.data.error : undefined;
}

/** How long an error leaves it open whether the call takes effect; 0: it did not, and will not. */
export function graceOf(error: unknown, graces: Graces = defaultPatience.graces): number {
  if (error instanceof webApi.WebAPIHTTPError || failures.has(slackError(error) ?? '')) return graces.failed;
  if (!(error instanceof webApi.WebAPIRequestError)) return 0;
  return neverSent.has(codeOf(error)) ? 0 : graces.unanswered;
}

/** Whether the same may succeed in a moment: Slack was busy or away, and did not say no. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof PostLater ||
    error instanceof NoAnswer ||
    error instanceof webApi.WebAPIRequestError ||
    error instanceof webApi.WebAPIRateLimitedError ||
    graceOf(error) > 0
  );
}

/** Whether Slack said no: the same would be refused again. */
export function isFinal(error: unknown): boolean {
  return !isPassing(error) && (error instanceof PostRefused || slackError(error) !== undefined);
}

/** Slack's own words for a call that may have been done in part (docs, errors of every method). */
const failures: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]);

/** No connection came about, so nothing was sent. */
const neverSent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** The code of the innermost cause that has one. */
function codeOf(error: unknown): string {
  const { code, cause, original } = error as {
    readonly code?: string;
    readonly cause?: unknown;
    readonly original?: unknown;
  };
  const inner = cause ?? original;
  return (inner === undefined ? undefined : codeOf(inner)) || code || '';
}

const refusals: Readonly<Record<string, string>> = {
  channel_not_found: 'The channel is gone, or the bot is not in it: invite it with /invite @commander.',
  not_in_channel: 'The bot is not in this channel: invite it with /invite @commander.',
  is_archived: 'The channel is archived.',
  thread_not_found: 'The message that opened this thread is gone.',
  cannot_reply_to_message: 'The message that opened this thread is gone.',
  message_not_found: 'The message is gone.',
  cant_update_message: 'The message is not the bot’s own.',
  restricted_action: 'The workspace does not let the bot post here: an admin can change that.',
  restricted_action_thread_only_channel: 'Only replies in threads are allowed in this channel.',
};

/** The same error; where repeating can not help, as a refusal with the fix. */
export function explained(error: unknown): unknown {
  if (!(error instanceof webApi.WebAPIPlatformError)) return error;
  const code = error.data.error;
  const known = refusals[code];
  if (known !== undefined) return new PostRefused(known, { cause: error });
  if (code === 'missing_scope') {
    const needed = 'needed' in error.data ? String(error.data.needed) : 'a scope';
    return new PostRefused(
      `The app lacks the scope “${needed}”: add it under OAuth & Permissions, then install the app again.`,
      { cause: error },
    );
  }
  return error;
}
