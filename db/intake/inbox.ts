import { type RawBuilder, sql } from 'kysely';
import type { IncomingMessage, Sender, ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { Role } from '#core/policy/roles.ts';
import type { Place } from '#core/policy/visibility.ts';
import type { Database, Transaction } from '../database.ts';
import { isId, newId } from '../id.ts';
import { notify } from '../notify.ts';
import { placeFrom } from '../place.ts';
import type { InboxBody } from '../schema.ts';
import type { Actor } from '../tasks/change-task.ts';

/** A message that waits to be handled. */
export interface DueMessage {
  readonly id: string;
  readonly attempts: number;
}

/** A message with all that its handling needs. */
export interface InboxMessage {
  readonly id: string;
  readonly threadId: string;
  readonly thread: Place;
  readonly sender: Actor;
  readonly body: InboxBody;
}

/** Earlier messages that are kept with one; the newest say most. */
const earlierLimit = 50;

/**
 * Takes a message durably: when this returns, it is committed. The platform's own id is unique, so a redelivery finds the row
 * and changes nothing. One insert and nothing else, for a platform waits for it; person and thread are settled when it is handled.
 */
export async function acceptMessage(
  db: Database,
  message: IncomingMessage & Pick<InboxBody, 'uses' | 'formId'>,
  newcomer: Role,
): Promise<{ new: boolean }> {
  const { thread, externalId, sender, text, addressed, opensThread, readBy, files, earlier, late } = message;
  const { uses, formId, editedAt } = message;
  const origin = {
    channel: thread.channel,
    thread: thread.thread,
    sender: sender.externalId,
    name: sender.name,
    newcomer,
    told: isTold(sender) ? (true as const) : undefined,
    readBy,
  };
  const kept = earlier?.slice(-earlierLimit);
  const body = { text, addressed, opensThread, files, earlier: kept, late, uses, formId, editedAt };
  return { new: await db.arrivals.message({ id: newId(), platform: thread.platform, externalId, origin, body }) };
}

/**
 * The member behind a platform's person, made known at first sight with the role of newcomers. Until somebody gives him another
 * one, his role follows what the platform says of him each time; where it says nothing, what it said last holds.
 */
export async function ensureMember(
  trx: Transaction | Database['kysely'],
  platform: string,
  sender: Sender,
  newcomer: Role,
): Promise<Actor> {
  const row = await trx
    .insertInto('members')
    .values({
      id: newId(),
      platform,
      external_id: sender.externalId,
      name: sender.name,
      role: newcomer,
      first_role: newcomer,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['platform', 'external_id'])
        .doUpdateSet({ name: sender.name, ...roles(sql`${isTold(sender)}`) }),
    )
    .returning(['id', 'name', 'role'])
    .executeTakeFirstOrThrow();
  return { memberId: row.id, name: row.name, role: row.role };
}

/** Whether the platform said with this what the person may do there. */
function isTold({ administers, isGuest }: Sender): boolean {
  return administers !== undefined || isGuest === true;
}

/** What else changes of a member who is seen again, and of whom the platform told (or not) what he may: his role, unless it was given to him. */
function roles(told: RawBuilder<unknown>) {
  const follows = sql<boolean>`members.role = members.first_role and (excluded.role = 'admin' or ${told})`;
  return {
    role: sql<Role>`case when ${follows} then excluded.role else members.role end`,
    first_role: sql<Role>`case when ${follows} then excluded.role else members.first_role end`,
  };
}

/**
 * Messages that are due. While few are, the oldest first; else everybody's oldest, then everybody's second: nobody waits behind all
 * that another one says.
 */
export async function dueMessages(db: Database, limit: number): Promise<readonly DueMessage[]> {
  const oldest = await db.kysely
    .selectFrom('inbox')
    .select(['id', 'attempts'])
    .where('handled_at', 'is', null)
    .where('due_at', '<=', sql<Date>`now()`)
    .orderBy('received_at')
    .limit(limit)
    .execute();
  return oldest.length < limit ? oldest : inTurn(db, limit);
}

/** People who get a turn by themselves; beyond them the oldest messages of all come. */
const mostPeople = 100;

/** Who said a message, as the index `inbox_waiting` has it: as the origin says, once it is known by the person's row. */
const speaker = sql<string>`coalesce(origin->>'sender', member_id::text)`;

/** Who has said something is found by one step of the index each, however much waits. */
async function inTurn({ kysely }: Database, limit: number): Promise<readonly DueMessage[]> {
  const isDue = sql`handled_at is null and due_at <= now()`;
  const { rows } = await sql<DueMessage>`
    with recursive people (speaker, nth) as (
      (select ${speaker}, 1 from inbox where handled_at is null order by 1 limit 1)
      union all
      select (select ${speaker} from inbox where handled_at is null and ${speaker} > people.speaker order by 1 limit 1), nth + 1
      from people where people.speaker is not null and nth < ${mostPeople}),
    waiting as (
      select theirs.* from people cross join lateral (
        select people.speaker, id, attempts, received_at from inbox
        where ${speaker} = people.speaker and ${isDue} order by received_at limit ${limit}) as theirs
      union
      (select ${speaker}, id, attempts, received_at from inbox where ${isDue} order by received_at limit ${limit})),
    turns as (select *, row_number() over (partition by speaker order by received_at) as turn from waiting)
    select id, attempts from turns order by turn, received_at limit ${limit}`.execute(kysely);
  return rows;
}

/** A message that was not handled yet, with its person and its thread, who are made known when they are seen for the first time. */
export async function readMessage(db: Database, messageId: string): Promise<InboxMessage | undefined> {
  await settleOrigin(db.kysely, messageId);
  const row = await knownMessages(db)
    .where('inbox.id', '=', messageId)
    .where('handled_at', 'is', null)
    .executeTakeFirst();
  return row && messageOf(row);
}

/** Messages whose person and thread are known, for `messageOf`. */
export function knownMessages({ kysely }: Pick<Database, 'kysely'>) {
  return kysely
    .selectFrom('inbox')
    .innerJoin('threads', 'threads.id', 'inbox.thread_id')
    .innerJoin('members', 'members.id', 'inbox.member_id')
    .select(['inbox.id', 'threads.id as threadId', 'members.id as memberId', 'threads.platform', 'body'])
    .select(['channel', 'thread', 'read_by', 'name', 'role']);
}

/** A message of its row. */
export function messageOf(
  row: Awaited<ReturnType<ReturnType<typeof knownMessages>['executeTakeFirstOrThrow']>>,
): InboxMessage {
  const { id, threadId, memberId, body, name, role } = row;
  return { id, threadId, thread: placeFrom(row), sender: { memberId, name, role }, body };
}

/** Gives a message's person and thread rows of their own, once. */
export async function settleOrigin(db: Transaction | Database['kysely'], messageId: string): Promise<void> {
  const { role, first_role } = roles(sql`(select origin->>'told' = 'true' from message)`);
  await sql`
    with message as (select platform, origin from inbox where id = ${messageId} and thread_id is null),
    member as (
      insert into members (id, platform, external_id, name, role, first_role)
      select ${newId()}::uuid, platform, origin->>'sender', origin->>'name', origin->>'newcomer', origin->>'newcomer' from message
      on conflict (platform, external_id) do update
        set name = excluded.name, role = ${role}, first_role = ${first_role} returning id),
    place as (
      insert into threads (id, platform, channel, thread, read_by)
      select ${newId()}::uuid, platform, origin->>'channel', origin->>'thread', origin->>'readBy' from message
      on conflict (platform, channel, thread) do update set read_by = coalesce(excluded.read_by, threads.read_by) returning id),
    joined as (
      insert into participants (thread_id, member_id) select place.id, member.id from place, member on conflict do nothing)
    update inbox set thread_id = place.id, member_id = member.id, origin = null from place, member
    where inbox.id = ${messageId} and thread_id is null`.execute(db);
}

/**
 * Finishes a message: `work` runs in the same transaction, so a message is handled exactly once, with all that follows from it.
 * Returns false when somebody else finished it before, or when its author changed its words meanwhile: then it is still due.
 */
export async function finishMessage(
  db: Database,
  { id, body }: Pick<InboxMessage, 'id' | 'body'>,
  work: (trx: Transaction) => Promise<readonly Card[] | undefined>,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const mine = await trx
      .selectFrom('inbox')
      .select('id')
      .where('id', '=', id)
      .where('handled_at', 'is', null)
      .where(sql<string>`body->>'text'`, '=', body.text)
      .forUpdate()
      .executeTakeFirst();
    if (mine === undefined) return false;
    const handled = trx.updateTable('inbox').set({ handled_at: sql`now()` }).where('id', '=', id).execute();
    const [reply] = await Promise.all([work(trx), handled]);
    if (reply === undefined) return true;
    await trx
      .updateTable('inbox')
      .set({ reply: JSON.stringify(reply) })
      .where('id', '=', id)
      .execute();
    await notify(trx, [['commander_task', `inbox:${id}`]]);
    return true;
  });
}

/** A failed attempt: the message stays and is tried again, each time after twice the wait. */
export async function postponeMessage(db: Database, messageId: string): Promise<void> {
  await db.kysely
    .updateTable('inbox')
    .set({ attempts: sql`attempts + 1`, due_at: sql`now() + make_interval(secs => least(60, 2 ^ attempts))` })
    .where('id', '=', messageId)
    .execute();
}

/** Whether Commander takes part in a thread: it has something of its own there, or was just spoken to. */
export async function followsThread(db: Database, { platform, channel, thread }: ThreadAddress): Promise<boolean> {
  const found = await sql`
    select from threads where platform = ${platform} and channel = ${channel} and thread = ${thread}
    union all
    select from inbox where handled_at is null and thread_id is null
      and platform = ${platform} and origin->>'channel' = ${channel} and origin->>'thread' = ${thread}
    limit 1`.execute(db.kysely);
  return found.rows.length > 0;
}

/** Threads that are looked back at, at most: a look-back costs calls of the platform. */
const followedLimit = 500;

/** Threads of a platform with a task that is not over or ended within a week, newest activity first. */
export async function followedThreads(db: Database, platform: string): Promise<readonly ThreadAddress[]> {
  return db.kysely
    .selectFrom('threads')
    .innerJoin('tasks', 'tasks.thread_id', 'threads.id')
    .select(['platform', 'channel', 'thread'])
    .where('platform', '=', platform)
    .where((each) =>
      each.or([each('finished_at', 'is', null), each('finished_at', '>', sql<Date>`now() - interval '7 days'`)]),
    )
    .groupBy(['threads.id', 'platform', 'channel', 'thread'])
    .orderBy(sql`max(tasks.updated_at)`, 'desc')
    .limit(followedLimit)
    .execute();
}

/** A message as it was taken; `undefined` for what is no id of one. */
export async function bodyOf(db: Database, messageId: string): Promise<InboxBody | undefined> {
  if (!isId(messageId)) return undefined;
  const row = await db.kysely.selectFrom('inbox').select('body').where('id', '=', messageId).executeTakeFirst();
  return row?.body;
}

/** What a message was answered with, if not by a task. */
export async function replyOf(db: Database, messageId: string): Promise<readonly Card[] | undefined> {
  if (!isId(messageId)) return undefined;
  const row = await db.kysely.selectFrom('inbox').select('reply').where('id', '=', messageId).executeTakeFirst();
  return row?.reply ?? undefined;
}
