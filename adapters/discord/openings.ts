import { type APIChannel, type APIGuildForumTag, ChannelType, Routes, ThreadAutoArchiveDuration } from 'discord.js';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { Api } from './api.ts';
import { plainName } from './escape.ts';
import { threadNameLimit } from './limits.ts';
import type { Deed, Once } from './once.ts';

/** A thread that no message of a channel stands for. */
export interface Opening {
  readonly parent: string;
  readonly title: string;
}

/** Bit of a forum's flags: a post needs a tag (docs, Channel: REQUIRE_TAG). */
const needsTag = 1 << 4;

interface Forum {
  readonly flags?: number;
  readonly available_tags?: readonly APIGuildForumTag[];
}

/** Opens a post of a forum; its first message has its id. Where posts need a tag it is the first that anybody may give. */
export async function openForumPost({ rest }: Api, { parent, title }: Opening, message: object): Promise<string> {
  const { flags = 0, available_tags: tags = [] } = (await rest.get(Routes.channel(parent))) as Forum;
  const tag = (flags & needsTag) === 0 ? undefined : tags.find(({ moderated }) => !moderated);
  const body = {
    name: plainName(title, threadNameLimit),
    auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
    ...(tag === undefined ? {} : { applied_tags: [tag.id] }),
    message,
  };
  return ((await rest.post(Routes.threads(parent), { body })) as APIChannel).id;
}

/** Opens a thread that only one person, those whom he invites and who manages threads see. */
export async function openPrivateThread({ rest }: Api, { parent, title }: Opening): Promise<string> {
  const body = {
    name: plainName(title, threadNameLimit),
    type: ChannelType.PrivateThread,
    auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
  };
  return ((await rest.post(Routes.threads(parent), { body })) as APIChannel).id;
}

interface OpenOnce {
  readonly api: Api;
  readonly store: AdapterStore;
  readonly once: Once;
  /** The bot's own id. */
  readonly self: () => string;
}

export interface OneOpening extends Pick<Deed, 'name' | 'after'>, Opening {
  /** The server. */
  readonly guild: string | undefined;
  readonly open: (opening: Opening) => Promise<string>;
}

/** Opens a thread once: opening one has no nonce, so what a lost answer was about is looked for by its title. */
export function openOnce(parts: OpenOnce, { name, after, parent, title, guild, open }: OneOpening): Promise<string> {
  return parts.once.make({
    name,
    after,
    words: title,
    find: async (earlier) =>
      guild === undefined ? undefined : lost(parts, { parent, title: earlier.words }, guild, earlier.after),
    make: ({ words }) => open({ parent, title: words }),
  });
}

/** A thread of ours of that title that was opened after an id, is not archived and belongs to nothing else. */
async function lost(
  { api: { rest }, store, self }: OpenOnce,
  { parent, title }: Opening,
  guild: string,
  after: string,
): Promise<string | undefined> {
  const { threads } = (await rest.get(Routes.guildActiveThreads(guild))) as {
    readonly threads: ReadonlyArray<{ id: string; name: string; parent_id?: string | null; owner_id?: string }>;
  };
  const name = plainName(title, threadNameLimit);
  const ours = threads.filter((thread) => thread.parent_id === parent && thread.owner_id === self());
  for (const thread of ours)
    if (thread.name === name && BigInt(thread.id) > BigInt(after))
      if ((await store.get(`thread:${thread.id}`)) === undefined) return thread.id;
  return undefined;
}
