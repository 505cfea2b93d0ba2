import { sql } from 'kysely';
import type { Place } from '#core/policy/visibility.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Transaction } from '../database.ts';
import { placeFrom } from '../place.ts';
import type { Addressee } from './turns.ts';

/** A task that waits for people, with its thread. */
export interface WaitingTask {
  readonly state: TaskState;
  readonly address: Place;
}

/** One reminder reads so many at most; those that were told longest ago come first. */
const mostTasks = 200;

/** Waits until a row is free, and holds it for the transaction. */
export async function holdRow(trx: Transaction, table: 'tasks' | 'inbox', id: string): Promise<void> {
  await trx.selectFrom(table).select('id').where('id', '=', id).forUpdate().execute();
}

/**
 * The tasks that may wait for an addressee, held for the transaction. One that somebody is changing right now is left out
 * instead of being waited for, so that two of these can't wait for each other.
 */
export async function lockWaitingTasks(trx: Transaction, addressee: Addressee): Promise<readonly WaitingTask[]> {
  const waiting = trx
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .select(['state', 'platform', 'channel', 'thread', 'read_by'])
    .where('status', '=', 'waiting')
    .where('waiting_for', 'in', ['approval', 'answer'])
    .orderBy('updated_at')
    .limit(mostTasks)
    .forUpdate('tasks')
    .skipLocked();
  const rows = await (addressee.kind === 'channel'
    ? waiting.where('platform', '=', addressee.platform).where('channel', '=', addressee.channel)
    : waiting.where((each) => each.or([each('requester_id', '=', addressee.memberId), asksHim(addressee.memberId)]))
  ).execute();
  return rows.map((row) => ({ state: row.state, address: placeFrom(row) }));
}

function asksHim(memberId: string) {
  const asked = JSON.stringify({ questions: [{ status: 'open', asks: { memberId } }] });
  return sql<boolean>`state @> ${asked}::jsonb`;
}
