import type { Transaction } from '../database.ts';
import type { Change } from './project-task.ts';

/** Remembers who takes part in a task without having spoken in its thread: who did something to it, and who is asked by name. */
export async function projectParticipants(trx: Transaction, { before, after, events, actor }: Change): Promise<void> {
  const asked = events.flatMap((event) => (event.type === 'question.asked' ? (event.asks?.memberId ?? []) : []));
  const people = new Set([...(actor === undefined ? [] : [actor.memberId]), ...asked]);
  people.delete(before.requester.memberId);
  if (people.size === 0) return;
  await trx
    .insertInto('participants')
    .columns(['thread_id', 'member_id'])
    .expression((each) =>
      each
        .selectFrom('tasks')
        .innerJoin('members', (join) => join.on('members.id', 'in', [...people]))
        .select(['tasks.thread_id', 'members.id'])
        .where('tasks.id', '=', after.id),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
