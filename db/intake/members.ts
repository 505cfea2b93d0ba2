import type { Sender } from '#core/chat/adapter.ts';
import { type InboxFilter, usualFilter } from '#core/show/inbox-filter.ts';
import type { Database } from '../database.ts';

/** People of the platform of a message who are called so, in whatever case; two at most. */
export async function membersNamed(
  db: Database,
  messageId: string,
  name: string,
): Promise<readonly { readonly memberId: string; readonly name: string }[]> {
  return db.kysely
    .selectFrom('inbox')
    .innerJoin('threads', 'threads.id', 'inbox.thread_id')
    .innerJoin('members', 'members.platform', 'threads.platform')
    .select(['members.id as memberId', 'members.name as name'])
    .where('inbox.id', '=', messageId)
    .where(({ fn }) => fn('lower', ['members.name']), '=', name.toLowerCase())
    .limit(2)
    .execute();
}

/** Everybody who is called so, in whatever case, on any platform. */
export async function everybodyNamed(db: Database, name: string): Promise<readonly string[]> {
  const rows = await db.kysely
    .selectFrom('members')
    .select('id')
    .where(({ fn }) => fn('lower', ['name']), '=', name.toLowerCase())
    .limit(100)
    .execute();
  return rows.map(({ id }) => id);
}

/** Names of people who were seen, each once. */
export async function memberNames(db: Database, limit: number): Promise<readonly string[]> {
  const rows = await db.kysely.selectFrom('members').select('name').distinct().orderBy('name').limit(limit).execute();
  return rows.map(({ name }) => name);
}

/** A member as his platform knows him; `undefined` where he is of another one. */
export async function senderOf(db: Database, memberId: string, platform: string): Promise<Sender | undefined> {
  const row = await db.kysely
    .selectFrom('members')
    .select(['external_id', 'name'])
    .where('id', '=', memberId)
    .where('platform', '=', platform)
    .executeTakeFirst();
  return row && { externalId: row.external_id, name: row.name };
}

/** What a person's own page shows of the inbox. */
export async function inboxFilterOf(db: Database, memberId: string): Promise<InboxFilter> {
  const row = await db.kysely
    .selectFrom('members')
    .select('inbox_filter')
    .where('id', '=', memberId)
    .executeTakeFirst();
  return row?.inbox_filter ?? usualFilter;
}

/** Keeps what somebody chose for that. */
export async function keepInboxFilter(db: Database, memberId: string, filter: InboxFilter): Promise<void> {
  await db.kysely
    .updateTable('members')
    .set({ inbox_filter: JSON.stringify(filter) })
    .where('id', '=', memberId)
    .execute();
}
