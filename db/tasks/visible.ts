import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { ThreadAddress } from '#core/chat/adapter.ts';
import { isReadAlone, maySee, type Place, type Seen, type Viewer } from '#core/policy/visibility.ts';
import type { Database, Transaction } from '../database.ts';
import { type PlaceRow, placeFrom } from '../place.ts';
import type { Schema } from '../schema.ts';

/** For whom a query is: a viewer, or Commander itself, which shows what it finds to nobody who was not asked about before. */
export type Eyes = Viewer | 'commander';

/** Columns that say whose something is and in which thread it was asked for. */
interface Columns {
  readonly requester: RawBuilder<unknown>;
  readonly thread: RawBuilder<unknown>;
}

const ofTasks: Columns = { requester: sql.ref('tasks.requester_id'), thread: sql.ref('tasks.thread_id') };

/** The same rule as `maySee` of core/policy/visibility.ts, as a condition on rows of `tasks`, or of what is like them. */
export function mayBeSeen(eyes: Eyes, columns: Columns = ofTasks): RawBuilder<boolean> {
  if (eyes === 'commander') return sql`true`;
  if (eyes.as === 'page') return isOpenTo(eyes.keys, columns);
  const { memberId } = eyes;
  const isOwn = sql`${columns.requester} = ${memberId}::uuid`;
  if (eyes.as === 'agent') return sql`(${isOwn} and ${isFitFor(eyes.at, columns)})`;
  const fits = eyes.as === 'answer' ? isFitFor(eyes.at, columns) : sql`true`;
  if (eyes.role === 'admin') return sql`(${fits})`;
  const takesPart = sql`exists (select from participants where participants.thread_id = ${columns.thread}
    and participants.member_id = ${memberId}::uuid)`;
  return sql`(${fits} and (${isOwn} or ${takesPart} or ${isShownAt(eyes.at, columns)}))`;
}

/** What is kept back is counted no further. */
const countedKeptBack = 100;

/** How many of these rows, joined with their tasks, somebody asked for himself and is not shown where he asks: others read there. */
export async function countKeptBack<Table extends keyof Schema>(
  { kysely }: Database,
  eyes: Eyes,
  rows: SelectQueryBuilder<Schema, Table, object>,
): Promise<number> {
  if (eyes === 'commander' || eyes.as !== 'answer' || isReadAlone(eyes.at)) return 0;
  const isKeptBack = sql<boolean>`${ofTasks.requester} = ${eyes.memberId}::uuid and not ${isShownAt(eyes.at, ofTasks)}`;
  const { count } = await kysely
    .selectFrom(rows.where(isKeptBack).select(sql<number>`1`.as('one')).limit(countedKeptBack).as('kept'))
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function isOpenTo(keys: readonly string[], { thread }: Columns): RawBuilder<boolean> {
  return sql`(${isPublic(thread)} or ${isAmong(thread, sql`page_key = any(${keys}::uuid[])`)})`;
}

function isFitFor(at: Place, columns: Columns): RawBuilder<boolean> {
  return isReadAlone(at) ? sql`true` : isShownAt(at, columns);
}

/** `mayBeShownAt` of core; without a place only what everybody may see. */
function isShownAt(at: Place | undefined, { thread }: Columns): RawBuilder<boolean> {
  if (at === undefined) return isPublic(thread);
  const here = isAmong(
    thread,
    sql`platform = ${at.platform} and channel = ${at.channel}
      and (coalesce(read_by <> 'thread', false) or threads.thread = ${at.thread})`,
  );
  return at.readBy === 'outsiders' ? here : sql`(${isPublic(thread)} or ${here})`;
}

/**
 * Asked as a value, thread by thread: of `exists` Postgres makes a set of all public threads first, which took 0.2 s of a page of 20
 * among a million tasks, and this 0.01 s (bench/visible.ts).
 */
function isPublic(thread: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`coalesce((select true from threads where threads.id = ${thread} and read_by = 'everybody'), false)`;
}

/** Whether it is one of these threads, which are few. */
function isAmong(thread: RawBuilder<unknown>, these: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`exists (select from threads where threads.id = ${thread} and ${these})`;
}

/** Whether somebody may see a task. */
export async function isSeen({ kysely }: Database, taskId: string, viewer: Viewer): Promise<boolean> {
  const memberId = viewer.as === 'page' ? null : viewer.memberId;
  const row = await kysely
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .select(['platform', 'channel', 'thread', 'read_by', 'page_key', 'requester_id'])
    .select(
      sql<readonly string[]>`array(select member_id::text from participants
        where participants.thread_id = tasks.thread_id and member_id = ${memberId}::uuid)`.as('participants'),
    )
    .where('tasks.id', '=', taskId)
    .executeTakeFirst();
  return row !== undefined && maySee(viewer, seenOf(row));
}

interface SeenRow extends PlaceRow {
  readonly page_key: string;
  readonly requester_id: string;
  readonly participants: readonly string[];
}

function seenOf(row: SeenRow): Seen {
  return {
    requester: { memberId: row.requester_id },
    place: placeFrom(row),
    pageKey: row.page_key,
    participants: new Set(row.participants),
  };
}

/** A thread with what is known of who reads it. */
export async function placeAt({ kysely }: Database, address: ThreadAddress): Promise<Place> {
  const { platform, channel, thread } = address;
  const row = await kysely
    .selectFrom('threads')
    .select('read_by')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('thread', '=', thread)
    .executeTakeFirst();
  return placeFrom({ platform, channel, thread, read_by: row?.read_by ?? null });
}

/** The place of a task. */
export async function placeOfTask(db: Transaction | Database['kysely'], taskId: string): Promise<Place> {
  const row = await db
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .select(['platform', 'channel', 'thread', 'read_by'])
    .where('tasks.id', '=', taskId)
    .executeTakeFirstOrThrow();
  return placeFrom(row);
}

/** Of these tasks, by number, those that not everybody who reads a place may see. */
export async function privateAt(
  { kysely }: Database,
  at: Place,
  numbers: ReadonlySet<number>,
): Promise<ReadonlySet<number>> {
  if (numbers.size === 0 || isReadAlone(at)) return new Set();
  const rows = await kysely
    .selectFrom('tasks')
    .select('number')
    .where('number', 'in', [...numbers])
    .where(sql<boolean>`not ${isShownAt(at, ofTasks)}`)
    .execute();
  return new Set(rows.map(({ number }) => number));
}
