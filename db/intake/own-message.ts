import { sql } from 'kysely';
import type { Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { notify } from '../notify.ts';
import type { InboxBody } from '../schema.ts';

/** A message that no platform brought: it is said in a task's thread, in a person's name. */
export interface OwnMessage {
  readonly taskId: string;
  /** Of this name there is one for ever. */
  readonly externalId: string;
  readonly memberId: string;
  readonly body: InboxBody;
}

/** Puts a message into the inbox, where it is handled like every other one. Gives its id; one that is there already changes nothing. */
export async function addOwnMessage(trx: Transaction, message: OwnMessage): Promise<string> {
  const { taskId, externalId, memberId, body } = message;
  const id = newId();
  await trx
    .insertInto('inbox')
    .columns(['id', 'platform', 'external_id', 'thread_id', 'member_id', 'body'])
    .expression((each) =>
      each
        .selectFrom('tasks')
        .innerJoin('threads', 'threads.id', 'tasks.thread_id')
        .select([
          sql<string>`${id}::uuid`.as('id'),
          'threads.platform',
          sql<string>`${externalId}`.as('external_id'),
          'tasks.thread_id',
          sql<string>`${memberId}::uuid`.as('member_id'),
          sql<InboxBody>`${JSON.stringify(body)}::jsonb`.as('body'),
        ])
        .where('tasks.id', '=', taskId),
    )
    .onConflict((conflict) => conflict.columns(['platform', 'external_id']).doNothing())
    .execute();
  await notify(trx, [['commander_inbox', id]]);
  return id;
}
