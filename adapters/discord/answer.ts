import {
  type APIMessage,
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import { cut } from '#core/text/cut.ts';
import { AckLate, AckRefused } from './acks.ts';
import { type Api, isCode } from './api.ts';
import { escapeText } from './escape.ts';
import { contentLimit } from './limits.ts';
import { wholeFile } from './shapes.ts';

/** What only who asked is told. */
export interface Told {
  /** Cut where a message has no room for it. */
  readonly content: string;
  /** All of it without markup, for a file beside the message. */
  readonly whole?: string;
  readonly components?: readonly object[];
}

/** Plain lines; when a message has no room for them, they come along as a file. */
export function plain(lines: readonly string[]): Told {
  const content = lines.map(escapeText).join('\n');
  return content.length <= contentLimit ? { content } : { content, whole: lines.join('\n') };
}

/**
 * The one answer to an interaction. When it takes long it is promised ("is thinking"): Discord takes it later, in that place, but
 * then it can no longer be a form.
 */
export interface Answer {
  /** Words, also in the place of a promise; nothing where an answer was given. @throws AckRefused, AckLate, AnswerLost */
  tell(told: Told): Promise<void>;
  /** What can be a first answer alone; false when there is a promise already. @throws AckRefused, AckLate */
  give(body: object): Promise<boolean>;
  /** Nothing is promised from now on. */
  end(): void;
}

/** An answer that was promised could not be written; `cause` says why. */
export class AnswerLost extends Error {
  readonly code = 'answer_lost';
}

/** Whether nothing can be answered any more: the 3 s are over, also of what is sent again after a restart, or the 15 minutes. */
export function isTooLate(error: unknown): boolean {
  if (error instanceof AnswerLost) return isCode(error.cause, RESTJSONErrorCodes.InvalidWebhookToken);
  return (
    error instanceof AckLate || (error instanceof AckRefused && error.code === RESTJSONErrorCodes.UnknownInteraction)
  );
}

/** After this an answer that is not there yet is promised, in milliseconds: Discord waits 3 s. */
const promiseMs = 1800;

const quiet = MessageFlags.Ephemeral;
const promise = { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: quiet } };

/** Begins with the arrival of an interaction: whatever is looked up for it, Discord hears in time. */
export function beginAnswer(
  { api, applicationId }: { readonly api: Api; readonly applicationId: () => string },
  interaction: { readonly id: string; readonly token: string },
): Answer {
  const { token } = interaction;
  let state: 'open' | 'promised' | 'given' = 'open';
  let promising = Promise.resolve();
  const timer = setTimeout(() => {
    promising = acknowledge(promise, 'promised');
    // Whoever answers hears of it.
    promising.catch(() => undefined);
  }, promiseMs);

  async function acknowledge(body: object, becomes: 'promised' | 'given'): Promise<void> {
    if (await api.acks.answer(interaction, body)) state = becomes;
    else state = (await isThinking()) ? 'promised' : 'given';
  }

  /** Whether an earlier process promised an answer and came to none. */
  async function isThinking(): Promise<boolean> {
    try {
      const original = await api.rest.get(Routes.webhookMessage(applicationId(), token), { auth: false });
      return (((original as APIMessage).flags ?? 0) & MessageFlags.Loading) !== 0;
    } catch (error) {
      // A form is no message, and nothing can be written when the 15 minutes are over.
      if (error instanceof DiscordAPIError) return false;
      throw new AnswerLost('Whether an answer is still owed could not be asked.', { cause: error });
    }
  }

  async function settled(): Promise<void> {
    clearTimeout(timer);
    await promising;
  }

  return {
    async tell({ content, whole, components = [] }) {
      await settled();
      const words = { content: cut(content, contentLimit), allowed_mentions: { parse: [] } };
      const message = components.length === 0 ? words : { ...words, components };
      const first = { type: InteractionResponseType.ChannelMessageWithSource, data: { flags: quiet, ...message } };
      // What answers at once sends no files.
      if (state === 'open')
        await (whole === undefined ? acknowledge(first, 'given') : acknowledge(promise, 'promised'));
      if (state !== 'promised') return;
      const files = whole === undefined ? [] : [wholeFile(whole)];
      try {
        await api.rest.patch(Routes.webhookMessage(applicationId(), token), { auth: false, body: message, files });
      } catch (error) {
        throw new AnswerLost('Discord did not take an answer that was promised.', { cause: error });
      }
      state = 'given';
    },
    async give(body) {
      await settled();
      if (state === 'open') await acknowledge(body, 'given');
      return state === 'given';
    },
    end: () => clearTimeout(timer),
  };
}
