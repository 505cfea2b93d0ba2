import { type RawBuilder, sql } from 'kysely';
import type { Sender } from '#core/chat/adapter.ts';
import { type InboxFilter, usualFilter } from '#core/show/inbox-filter.ts';
import type { Database, Transaction } from '../database.ts';

/** What a mention leaves of somebody in the words: his id on Slack or Discord, `@U0123ABCD` or `<@123456789012345678>`. */
const mentioned = /^<?@?!?([UW](?=[A-Z]*\d)[A-Z0-9]{4,20}|\d{15,21})>?$/;

/** Whether a member is called so, in whatever case, or is whom a mention names: a name is anybody's to choose, an id is not. */
export function isCalled(said: string): RawBuilder<boolean> {
  const id = mentioned.exec(said)?.[1];
  // An id of Slack's stands with its workspace: `T…/U…`.
  return id === undefined
    ? sql<boolean>`lower(members.name) = ${said.replace(/^@/, '').toLowerCase()}`
    : sql<boolean>`(members.external_id = ${id} or members.external_id like ${`%/${id}`})`;
}

/** People of the platform of a message who are called so; two at most. */
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
    .where(isCalled(name))
    .limit(2)
    .execute();
}

/** Everybody who is called so, on any platform. */
export async function everybodyNamed(db: Database, name: string): Promise<readonly string[]> {
  const rows = await db.kysely.selectFrom('members').select('id').where(isCalled(name)).limit(100).execute();
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

/** Who somebody is whom his platform knows by that id; `undefined` where he was never seen. */
export async function memberAs(db: Database, platform: string, externalId: string): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom('members')
    .select('id')
    .where('platform', '=', platform)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row?.id;
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
export async function keepInboxFilter(trx: Transaction, memberId: string, filter: InboxFilter): Promise<void> {
  await trx
    .updateTable('members')
    .set({ inbox_filter: JSON.stringify(filter) })
    .where('id', '=', memberId)
    .execute();
}
