import type { KnownBlock } from '@slack/types';
import type { InteractionReply, ThreadAddress } from '#core/chat/adapter.ts';
import type { Button } from '#core/chat/card.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type CommandThreads, placeOf } from './addresses.ts';
import { failed, graceOf, slackError, unanswered } from './failures.ts';
import { insist, onceMore } from './insist.ts';
import { rich, words } from './rich-text.ts';
import { escapeText } from './text.ts';
import type { ApiOf } from './workspaces.ts';

export interface AnswerParts {
  readonly apiOf: ApiOf;
  readonly threads: CommandThreads;
  readonly log: AdapterLog;
  /** The origin of a stand-in, which may be answered besides Slack. */
  readonly ownOrigin: string | undefined;
  /** One try of a request, in milliseconds. */
  readonly callMs: number;
}

/** Whom to tell something alone, and where. */
export interface Listener {
  readonly thread: ThreadAddress;
  readonly user: string;
  /** Slack's address for answers to what he did, good for 30 minutes: it reaches him where the bot may not write. */
  readonly responseUrl?: string | undefined;
}

export interface Answers {
  /**
   * Tells one person alone, with a button below it. When there is no way to, that is logged: what he did was done or refused all the
   * same.
   */
  tell(listener: Listener, text: string, button?: Pick<Button, 'label' | 'action'>): Promise<void>;
  /** The same with the answer to what he did, where it has words. */
  pass(listener: Listener, reply: InteractionReply): Promise<void>;
}

/** What only one person gets to see. */
export function createAnswers({ apiOf, threads, log, ownOrigin, callMs }: AnswerParts): Answers {
  // Slack gives no way to look for such a message, and no key that would make it one. After a lost answer it is said once more: to see
  // it twice is better than never.
  async function tell(...[listener, text, button]: Parameters<Answers['tell']>): Promise<void> {
    const said = saidAs(text, button);
    const isWorthIt = onceMore();
    try {
      await insist(() => inThread(listener, said), isWorthIt);
    } catch (error) {
      await insist(() => otherwise(listener, said, error), isWorthIt).catch((cause: unknown) =>
        log.warn({ error: cause }, 'a person could not be told what came of it'),
      );
    }
  }

  async function inThread({ thread, user }: Listener, said: Said): Promise<void> {
    const { team, channel } = placeOf(thread);
    const found = await threads.find(thread);
    const where = 'ts' in found && found.ts !== '' ? { thread_ts: found.ts } : {};
    await apiOf(team).call('chat.postEphemeral', { channel, user, ...said, ...where });
  }

  /** The thread is gone, or the bot or the person is not in the channel. */
  async function otherwise({ thread, user, responseUrl }: Listener, said: Said, error: unknown): Promise<void> {
    if (slackError(error) === undefined || graceOf(error) > 0) throw error;
    if (responseUrl !== undefined && isSlacks(responseUrl, ownOrigin)) return respond(responseUrl, said, callMs);
    const { team, channel } = placeOf(thread);
    await apiOf(team).call('chat.postEphemeral', { channel, user, ...said });
  }

  return {
    tell,
    pass: async (listener, reply) => (reply.kind === 'notice' ? tell(listener, reply.text) : undefined),
  };
}

/** Words as Slack takes them. */
interface Said {
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

function saidAs(text: string, button: Pick<Button, 'label' | 'action'> | undefined): Said {
  if (button === undefined) return { text: escapeText(text) };
  const label = { type: 'plain_text', text: button.label } as const;
  return {
    text: escapeText(text),
    blocks: [
      rich([{ type: 'rich_text_section', elements: words(text) }]),
      { type: 'actions', elements: [{ type: 'button', action_id: button.action, text: label }] },
    ],
  };
}

async function respond(url: string, said: Said, callMs: number): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...said }),
    signal: AbortSignal.timeout(callMs),
  }).catch(unanswered);
  if (!response.ok) throw failed(response, 'an answer');
}

function isSlacks(address: string, ownOrigin: string | undefined): boolean {
  const { protocol, hostname, origin } = new URL(address);
  return origin === ownOrigin || (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname));
}
