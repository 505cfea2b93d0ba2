import type { Kysely } from 'kysely';
import type { ChatFile, ChatMessage } from '#core/chat/chat-store.ts';
import type { Schema } from '../schema.ts';

function baseQuery(kysely: Kysely<Schema>) {
  return kysely
    .selectFrom('chat_messages as m')
    .leftJoin('chat_people as p', 'p.id', 'm.person_id')
    .selectAll('m')
    .select('p.name as person_name');
}

type MessageQuery = ReturnType<typeof baseQuery>;

/** Messages with their authors and files, as the caller selects and orders them. */
export async function readMessages(
  kysely: Kysely<Schema>,
  select: (query: MessageQuery) => MessageQuery,
): Promise<ChatMessage[]> {
  const rows = await select(baseQuery(kysely)).execute();
  const files = await filesOf(
    kysely,
    rows.flatMap((row) => row.file_ids),
  );
  return rows.map((row) => ({
    id: row.id,
    channelId: row.channel_id,
    rootId: row.root_id ?? undefined,
    author: row.person_id === null ? 'commander' : { id: row.person_id, name: row.person_name ?? '' },
    text: row.text ?? undefined,
    card: row.card ?? undefined,
    files: row.file_ids.flatMap((id) => files.get(id) ?? []),
    at: row.at.toISOString(),
    revision: row.revision,
    cursor: row.cursor,
    replies: row.replies,
    lastReplyAt: row.last_reply_at?.toISOString(),
    threadStatus: row.thread_status ?? undefined,
  }));
}

async function filesOf(kysely: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlyMap<string, ChatFile>> {
  if (ids.length === 0) return new Map();
  const rows = await kysely
    .selectFrom('chat_files')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      { id: row.id, name: row.name, mediaType: row.media_type, size: Number(row.size), sha256: row.sha256 },
    ]),
  );
}
