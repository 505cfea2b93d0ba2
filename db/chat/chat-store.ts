import { sql } from 'kysely';
import type { Card } from '#core/chat/card.ts';
import type {
  ChatChannel,
  ChatFile,
  ChatMessage,
  ChatPerson,
  ChatStore,
  NewChatFile,
  NewChatMessage,
} from '#core/chat/chat-store.ts';
import { plainOf } from '#core/chat/inline.ts';
import { advisoryClass, advisoryKeys } from '../advisory.ts';
import type { Database, Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { notify } from '../notify.ts';
import { readMessages } from './read-messages.ts';

/** The web chat's memory in Postgres. */
export function createChatStore(db: Database): ChatStore {
  return {
    channels: () => channels(db),
    addChannel: (name) => addChannel(db, name),
    person: (name) => person(db, name),
    people: () => db.kysely.selectFrom('chat_people').select(['id', 'name']).orderBy('name').execute(),
    append: (message) => append(db, message),
    editCard: (messageId, card, revision) => editCard(db, messageId, card, revision),
    message: async (messageId) => (await readMessages(db.kysely, (query) => query.where('m.id', '=', messageId)))[0],
    history: (channelId, page) => history(db, channelId, page),
    thread: (rootId) =>
      readMessages(db.kysely, (query) =>
        query.where((each) => each.or([each('m.id', '=', rootId), each('m.root_id', '=', rootId)])).orderBy('m.id'),
      ),
    changesSince: (cursor, limit) =>
      readMessages(db.kysely, (query) => query.where('m.cursor', '>', cursor).orderBy('m.cursor').limit(limit)),
    head: () => head(db),
    addFile: (file) => addFile(db, file),
    file: (fileId) => file(db, fileId),
    onChange: (wake) => db.listener.on('commander_chat', () => wake()),
  };
}

async function channels(db: Database): Promise<readonly ChatChannel[]> {
  const rows = await db.kysely
    .selectFrom('chat_channels')
    .select((each) => [
      'id',
      'name',
      each
        .selectFrom('chat_messages')
        .whereRef('chat_messages.channel_id', '=', 'chat_channels.id')
        .select(sql<Date | null>`max(coalesce(last_reply_at, at))`.as('at'))
        .as('activity'),
    ])
    .orderBy('created_at')
    .execute();
  return rows.map(({ id, name, activity }) => ({ id, name, lastActivityAt: activity?.toISOString() }));
}

async function addChannel(db: Database, name: string): Promise<ChatChannel> {
  return db.kysely
    .insertInto('chat_channels')
    .values({ id: newId(), name })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ name }))
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow();
}

async function person(db: Database, name: string): Promise<ChatPerson> {
  return db.kysely
    .insertInto('chat_people')
    .values({ id: newId(), name })
    .onConflict((conflict) =>
      conflict.expression(sql`lower(name)`).doUpdateSet({ name: sql<string>`chat_people.name` }),
    )
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow();
}

/** Writers take turns, so that cursors become visible in their own order: a follower can not miss one. */
async function inTurn<Result>(db: Database, write: (trx: Transaction) => Promise<Result>): Promise<Result> {
  return db.kysely.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${advisoryClass}, ${advisoryKeys.chat})`.execute(trx);
    const result = await write(trx);
    await notify(trx, [['commander_chat', '']]);
    return result;
  });
}

const nextCursor = sql<string>`nextval('chat_cursor')`;

async function append(db: Database, message: NewChatMessage): Promise<{ message: ChatMessage; new: boolean }> {
  const id = newId();
  const added = await inTurn(db, async (trx) => {
    const row = await trx
      .insertInto('chat_messages')
      .values({
        id,
        channel_id: message.channelId,
        root_id: message.rootId ?? null,
        person_id: message.author === 'commander' ? null : message.author.personId,
        key: message.key,
        text: message.text ?? null,
        card: message.card === undefined ? null : JSON.stringify(message.card),
        file_ids: [...(message.fileIds ?? [])],
        cursor: nextCursor,
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row !== undefined && message.rootId !== undefined) await touchRoot(trx, message.rootId, message.card, 1);
    return row !== undefined;
  });
  const [stored] = await readMessages(db.kysely, (query) => query.where('m.key', '=', message.key));
  if (stored === undefined) throw new Error('a message that was just stored is gone');
  return { message: stored, new: added };
}

/** The message that opened a thread shows how many replies it has and how its task stands. */
async function touchRoot(trx: Transaction, rootId: string, card: Card | undefined, replies: 0 | 1): Promise<void> {
  const status = card?.key.startsWith('status') ? threadStatus(card) : undefined;
  if (replies === 0 && status === undefined) return;
  await trx
    .updateTable('chat_messages')
    .set({
      cursor: nextCursor,
      replies: sql<number>`replies + ${replies}`,
      ...(replies === 0 ? {} : { last_reply_at: sql<string>`now()` }),
      ...(status === undefined ? {} : { thread_status: JSON.stringify(status) }),
    })
    .where('id', '=', rootId)
    .execute();
}

/** A moment at the end of the title is kept as one, for the reader's own clock. */
function threadStatus({ title, tone }: Card): ChatMessage['threadStatus'] {
  const last = title.at(-1);
  if (typeof last !== 'object' || last.kind !== 'time') return { title: plainOf(title), tone };
  return { title: plainOf(title.slice(0, -1)).trimEnd(), tone, until: last.at };
}

async function editCard(db: Database, messageId: string, card: Card, revision: number): Promise<void> {
  await inTurn(db, async (trx) => {
    const edited = await trx
      .updateTable('chat_messages')
      .set({ card: JSON.stringify(card), revision, cursor: nextCursor })
      .where('id', '=', messageId)
      .where('revision', '<', revision)
      .returning('root_id')
      .executeTakeFirst();
    if (edited?.root_id != null) await touchRoot(trx, edited.root_id, card, 0);
  });
}

async function history(
  db: Database,
  channelId: string,
  page: { readonly before?: string; readonly limit: number },
): Promise<readonly ChatMessage[]> {
  const { before } = page;
  const newestFirst = await readMessages(db.kysely, (query) => {
    const ofChannel = query.where('m.channel_id', '=', channelId).where('m.root_id', 'is', null);
    const older = before === undefined ? ofChannel : ofChannel.where('m.id', '<', before);
    return older.orderBy('m.id', 'desc').limit(page.limit);
  });
  return newestFirst.reverse();
}

async function head(db: Database): Promise<string> {
  const row = await db.kysely
    .selectFrom('chat_messages')
    .select(sql<string>`coalesce(max(cursor), 0)::text`.as('head'))
    .executeTakeFirstOrThrow();
  return row.head;
}

async function addFile(db: Database, { personId, mediaType, ...file }: NewChatFile): Promise<ChatFile> {
  const id = newId();
  await db.kysely
    .insertInto('chat_files')
    .values({ id, person_id: personId, media_type: mediaType, ...file })
    .execute();
  return { id, mediaType, ...file };
}

async function file(db: Database, fileId: string): Promise<ChatFile | undefined> {
  const row = await db.kysely.selectFrom('chat_files').selectAll().where('id', '=', fileId).executeTakeFirst();
  if (row === undefined) return undefined;
  return { id: row.id, name: row.name, mediaType: row.media_type, size: Number(row.size), sha256: row.sha256 };
}
