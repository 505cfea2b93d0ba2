import { type APIChannel, type APIGuildForumTag, ChannelType, Routes, ThreadAutoArchiveDuration } from 'discord.js';
import type { Api } from './api.ts';
import { plainName } from './escape.ts';
import { threadNameLimit } from './limits.ts';

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

/**
 * Threads of ours of that title that were opened after an id and are not archived: opening a thread has no nonce, so what a lost
 * answer was about is looked for.
 */
export async function ownThreads(
  { rest }: Api,
  {
    parent,
    title,
    guild,
    self,
    after,
  }: Opening & { readonly guild: string; readonly self: string; readonly after: string },
): Promise<readonly string[]> {
  const { threads } = (await rest.get(Routes.guildActiveThreads(guild))) as {
    readonly threads: ReadonlyArray<{ id: string; name: string; parent_id?: string | null; owner_id?: string }>;
  };
  const name = plainName(title, threadNameLimit);
  return threads
    .filter((thread) => thread.parent_id === parent && thread.owner_id === self && thread.name === name)
    .map(({ id }) => id)
    .filter((id) => BigInt(id) > BigInt(after));
}
