import { PostRefused, type ThreadAddress } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { placeOf } from './addresses.ts';
import { slackError } from './api.ts';
import type { ApiOf } from './workspaces.ts';

/** What keeps the bot from working, and who has to know. */
export interface Refusals {
  /** Who asked in a thread. */
  asked(thread: ThreadAddress, externalId: string): void;
  /** Each a sentence with the fix: for the operator. */
  concerns(): readonly string[];
  note(concern: string): void;
  /** Something was posted there: what kept the bot out of the channel is over. */
  over(thread: ThreadAddress): void;
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

export function createRefusals({ apiOf, log }: { readonly apiOf: ApiOf; readonly log: AdapterLog }): Refusals {
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
    await apiOf(team).call('chat.postMessage', { channel: user, text, unfurl_links: false, unfurl_media: false });
  }

  return {
    asked(thread, externalId) {
      if (askers.size >= knownLimit) askers.clear();
      askers.set(keyOf(thread), externalId);
    },
    concerns: () => [...found.values()],
    note: (concern) => void found.set(concern, concern),
    over: ({ channel }) => void found.delete(channel),
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
