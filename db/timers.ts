import { fromKysely } from 'pg-boss';
import type { Database, Transaction } from './database.ts';
import { timerQueue } from './queue.ts';

/** What becomes due: each is only a wake-up, and the rules decide what it comes to. */
export type Timer =
  | { readonly kind: 'retry'; readonly taskId: string }
  | { readonly kind: 'question'; readonly taskId: string; readonly questionId: string }
  | { readonly kind: 'ask'; readonly messageId: string; readonly part: number }
  | ReminderTimer;

/** An approval, a question or a request that is no task yet is to be brought to mind. */
export type ReminderTimer =
  | { readonly kind: 'remind'; readonly taskId: string; readonly askedId: string }
  | { readonly kind: 'remind-ask'; readonly messageId: string; readonly part: number };

/** Sets a timer with the transaction: it is there when that is committed, and survives every process. */
export async function setTimer(db: Database, trx: Transaction, at: string, timer: Timer): Promise<void> {
  await db.boss.send(timerQueue, timer, { startAfter: new Date(at), db: fromKysely(trx) });
}
