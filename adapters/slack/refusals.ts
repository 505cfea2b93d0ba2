import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PostRefused, type ThreadAddress } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { placeOf } from './addresses.ts';
import type { Api } from './api.ts';
import { graceOf, slackError } from './failures.ts';
import { insist } from './insist.ts';
import { channelPageLimit, pageLimit } from './limits.ts';
import type { Patience } from './patience.ts';
import type { ApiOf } from './workspaces.ts';

/** What keeps the bot from working, and who has to know. */
export interface Refusals {
  /** Who asked in a thread. */
  asked(thread: ThreadAddress, externalId: string): void;
  /** Each a sentence with the fix: for the operator. */
  concerns(): readonly string[];
  note(concern: string): void;
  /** Something was posted there; true: so what kept the bot out of the channel is over. */
  over(thread: ThreadAddress): boolean;
  /** Passes an error on; when the bot may not write into the channel, who asked is told directly, once. */
  met(thread: ThreadAddress): (error: unknown) => Promise<never>;
}

/** Slack's words for a channel that takes nothing from the bot. */
const closed: ReadonlySet<string> = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_thread_only_channel',
]);

/** Threads whose asker is known by heart, and concerns that are told. */
const knownLimit = 2000;
const concernLimit = 50;

interface Said {
  /** Finds it again. */
  readonly key: string;
  readonly text: string;
}

interface RefusalParts {
  readonly apiOf: ApiOf;
  readonly log: AdapterLog;
  readonly patience: Patience;
}

export function createRefusals({ apiOf, log, patience }: RefusalParts): Refusals {
  const askers = new Map<string, string>();
  /** By what they are about: a channel, or themselves. */
  const found = new Map<string, string>();
  const keyOf = ({ channel, thread }: ThreadAddress) => `${channel}/${thread}`;

  async function tellAsker(address: ThreadAddress, words: string): Promise<void> {
    const asker = askers.get(keyOf(address));
    if (asker === undefined) return;
    askers.delete(keyOf(address));
    const { team, channel } = placeOf(address);
    const user = asker.split('/').at(-1) ?? '';
    const text = `You asked for something in <#${channel}>, where Commander can not answer. ${words} The task goes on all the same; ask here for “tasks” to see how it stands.`;
    await tellOnce(apiOf(team), user, { key: randomUUID(), text });
  }

  /** Again where Slack was busy; after a lost answer only when what was said is not there and can not come any more. */
  async function tellOnce(api: Api, user: string, said: Said): Promise<void> {
    const metadata = { event_type: 'commander_notice', event_payload: { key: said.key } };
    const message = { channel: user, text: said.text, metadata, unfurl_links: false, unfurl_media: false };
    await insist(async () => {
      try {
        await api.call('chat.postMessage', message);
      } catch (error) {
        const graceMs = graceOf(error, patience.graces);
        await pause(graceMs);
        if (graceMs === 0 || !(await wasSaid(api, user, said))) throw error;
      }
    });
  }

  return {
    asked(thread, externalId) {
      if (askers.size >= knownLimit) askers.clear();
      askers.set(keyOf(thread), externalId);
    },
    concerns: () => [...found.values()],
    note: (concern) => void found.set(concern, concern),
    over: ({ channel }) => found.delete(channel),
    met: (thread) => async (error) => {
      if (error instanceof PostRefused && closed.has(slackError(error) ?? '')) {
        const { channel } = placeOf(thread);
        if (found.size < concernLimit) found.set(thread.channel, `In the channel ${channel}: ${error.message}`);
        await tellAsker(thread, error.message).catch((cause: unknown) =>
          log.info({ error: cause, channel }, 'who asked could not be told directly that Commander may not answer'),
        );
      }
      throw error;
    },
  };
}

/** Whether a person's direct messages from the bot hold it. */
async function wasSaid(api: Api, user: string, { key }: Said): Promise<boolean> {
  const { channels = [] } = await api.call<{
    readonly channels?: readonly { readonly id: string; readonly user?: string }[];
  }>('users.conversations', { types: 'im', limit: channelPageLimit });
  const channel = channels.find((each) => each.user === user)?.id;
  if (channel === undefined) return false;
  const { messages = [] } = await api.call<{ readonly messages?: readonly Message[] }>('conversations.history', {
    channel,
    include_all_metadata: true,
    limit: pageLimit,
  });
  return messages.some(({ metadata }) => metadata?.event_payload?.key === key);
}

interface Message {
  readonly metadata?: { readonly event_payload?: Readonly<Record<string, unknown>> };
}
