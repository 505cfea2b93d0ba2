import type { ReadBy } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { isPassing, slackError } from './failures.ts';
import { within } from './insist.ts';
import { briefMs } from './people.ts';
import type { ApiOf } from './workspaces.ts';

/** What Slack says of a channel. */
interface Channel {
  readonly is_member?: boolean;
  readonly is_im?: boolean;
  readonly is_mpim?: boolean;
  readonly is_private?: boolean;
  /** Shared with another organisation (Slack Connect). */
  readonly is_ext_shared?: boolean;
}

/** What an event says of its channel. */
export interface Said {
  /** `channel_type` of the event. */
  readonly kind?: string | undefined;
  /** `is_ext_shared_channel` of its envelope. */
  readonly isShared?: boolean | undefined;
}

export interface Readers {
  /**
   * Who can read a channel; `undefined` where Slack does not say.
   * @throws when Slack is away and the channel was not asked for lately
   */
  of(team: string, channel: string, said?: Said): Promise<ReadBy | undefined>;
  /**
   * Whether the bot can write into a channel, and who can read it: commands and shortcuts work where it is not. What Slack does not
   * say in time is taken for yes, for then the thread itself shows it.
   */
  here(team: string, channel: string): Promise<{ readonly isIn: boolean; readonly readBy?: ReadBy }>;
}

/** Said to a person who asks where the bot can not answer. */
export const notHere =
  'Commander is not in this channel, so it could not answer here. Say “/invite @Commander” and ask again, or write to it directly. Nothing was started.';

/** How long an answer is believed, in milliseconds: a channel can be made private. */
const believedMs = 10 * 60_000;

/** Channels that are known by heart. */
const knownLimit = 2000;

/** How long Slack is waited for where nobody does, in milliseconds. */
const calmMs = 15_000;

/** What the kinds of Slack's events mean (docs, `message` event: `channel_type`). */
const kinds: Readonly<Record<string, ReadBy>> = {
  channel: 'everybody',
  group: 'channel',
  mpim: 'channel',
  im: 'person',
  app_home: 'person',
};

export function createReaders(apiOf: ApiOf, log: AdapterLog): Readers {
  const known = new Map<string, { readonly readBy: ReadBy; readonly at: number }>();

  function learn(team: string, channel: string, readBy: ReadBy): ReadBy {
    if (known.size > knownLimit) known.clear();
    known.set(`${team}/${channel}`, { readBy, at: Date.now() });
    return readBy;
  }

  async function look(team: string, channel: string): Promise<Channel> {
    const { channel: found } = await apiOf(team).call<{ readonly channel: Channel }>('conversations.info', { channel });
    return found;
  }

  return {
    async of(team, channel, { kind = '', isShared } = {}) {
      const said = saidOf(channel, kind, isShared);
      if (said !== undefined) return learn(team, channel, said);
      const found = known.get(`${team}/${channel}`);
      if (found !== undefined && Date.now() - found.at < believedMs) return found.readBy;
      try {
        return learn(team, channel, readByOf(await within(calmMs, look(team, channel))));
      } catch (error) {
        if (isPassing(error)) throw error;
        log.warn({ error, channel }, 'Slack does not say who can read a channel; it counts as private');
        return undefined;
      }
    },
    async here(team, channel) {
      try {
        const found = await within(briefMs, look(team, channel));
        return {
          isIn: found.is_im === true || found.is_member === true,
          readBy: learn(team, channel, readByOf(found)),
        };
      } catch (error) {
        return { isIn: slackError(error) !== 'channel_not_found' };
      }
    },
  };
}

/** What an event says itself; `undefined` where Slack is to be asked. */
function saidOf(channel: string, kind: string, isShared: boolean | undefined): ReadBy | undefined {
  // Ids of direct chats begin with a D.
  if (channel.startsWith('D')) return 'person';
  if (isShared === undefined) return undefined;
  return isShared ? 'outsiders' : kinds[kind];
}

function readByOf({ is_im, is_mpim, is_private, is_ext_shared }: Channel): ReadBy {
  if (is_im === true) return 'person';
  if (is_ext_shared === true) return 'outsiders';
  return is_mpim === true || is_private === true ? 'channel' : 'everybody';
}
