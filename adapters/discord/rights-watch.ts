import { type APIChannel, type APIMessage, DiscordAPIError, RESTJSONErrorCodes, Routes } from 'discord.js';
import { PostRefused, type ThreadAddress } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, isCode } from './api.ts';
import { sayOnce } from './notes.ts';
import type { Once } from './once.ts';
import { rightNames } from './rights.ts';
import { lackingIn, survey } from './survey.ts';

/** What the bot is not allowed to do, said when it starts and when it is in the way. */
export interface RightsWatch {
  /** Looks at the servers anew. A look that fails changes nothing. */
  look(guildId: string | undefined): Promise<void>;
  /** What is known to be missing, in sentences. */
  concerns(): readonly string[];
  /** Why a thread can not be made or written in, when the error says that a right is missing. */
  whyNoThread(address: ThreadAddress, error: unknown): Promise<string | undefined>;
  /** Something was posted in a channel, or rights there (absent: anywhere) were changed: the channels where refusals may be over. */
  lifted(channel?: string): readonly string[];
  /** The refusal that names what is missing, when the error says that something is; who asked is told directly, once. */
  refused(address: ThreadAddress, error: unknown): Promise<PostRefused | undefined>;
}

export interface RightsParts {
  readonly api: Api;
  readonly once: Once;
  readonly log: AdapterLog;
  readonly self: () => string;
}

/** Refusals that are remembered beside what the look at the start found. */
const rememberedLimit = 20;

export function createRightsWatch(parts: RightsParts): RightsWatch {
  const { api, log, self } = parts;
  let found: readonly string[] = [];
  /** By channel. */
  const met = new Map<string, string>();
  const told = new Set<string>();

  async function names(channel: string): Promise<string | undefined> {
    try {
      const lack = await lackingIn(api, self(), channel);
      const rights = lack === undefined ? [] : [...lack.needed, ...lack.wanted];
      return rights.length === 0 ? undefined : rightNames(rights);
    } catch (error) {
      if (isCode(error, RESTJSONErrorCodes.MissingAccess)) return '“View Channels” (VIEW_CHANNEL)';
      log.warn({ error, channel }, 'what the bot may do in a channel could not be looked up');
      return undefined;
    }
  }

  async function tellAsker({ channel, thread }: ThreadAddress, why: string): Promise<void> {
    if (told.has(thread)) return;
    if (told.size > rememberedLimit * rememberedLimit) told.clear();
    told.add(thread);
    const { author } = (await api.rest.get(Routes.channelMessage(channel, thread))) as APIMessage;
    const direct = (await api.rest.post(Routes.userChannels(), { body: { recipient_id: author.id } })) as APIChannel;
    const words = `You asked for something in <#${channel}>, where Commander can not answer. ${why} It takes it up all the same; ask here for “tasks” to see how it stands.`;
    await sayOnce(parts, { name: `refused:${thread}`, channel: direct.id, after: thread, words });
  }

  return {
    async look(guildId) {
      try {
        found = await survey(api, self(), guildId);
        for (const concern of found) log.warn({}, concern);
      } catch (error) {
        log.warn({ error }, 'what the bot may do in the server could not be looked up');
      }
    },
    concerns: () => [...found, ...met.values()],
    lifted(channel) {
      const channels = [...met.keys()].filter((each) => channel === undefined || each === channel);
      for (const each of channels) met.delete(each);
      return channels;
    },
    async whyNoThread({ channel }, error) {
      if (!isCode(error, RESTJSONErrorCodes.MissingPermissions)) return undefined;
      const missing = await names(channel);
      return missing === undefined ? undefined : `can not be used: the bot lacks ${missing} here`;
    },
    async refused(address, error) {
      const isRefusal = [RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess].some((code) =>
        isCode(error, code),
      );
      const missing = isRefusal ? await names(address.channel) : undefined;
      if (missing === undefined) return undefined;
      const words = `The bot lacks ${missing} there.`;
      if (met.size < rememberedLimit)
        met.set(address.channel, `In the channel ${address.channel} the bot lacks ${missing}.`);
      await tellAsker(address, words).catch((cause: unknown) => {
        // Who takes no messages is not asked again; what was lost is said at the next refusal.
        if (!(cause instanceof DiscordAPIError)) told.delete(address.thread);
        log.info(
          { error: cause, thread: address.thread },
          'who asked could not be told directly that Commander may not answer',
        );
      });
      return new PostRefused(words, { cause: error });
    },
  };
}
