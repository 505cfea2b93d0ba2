import { sql } from 'kysely';
import type { Transaction } from '../database.ts';
import { newId } from '../id.ts';
import { notify } from '../notify.ts';
import type { InboxBody } from '../schema.ts';
import type { Change } from './project-task.ts';

/** What waited for the end of a run is now asked as a message of its own, by the person who said it, in the same thread. */
export async function projectNotes(trx: Transaction, { after, events }: Change): Promise<void> {
  for (const event of events) {
    if (event.type !== 'note.taken' || event.as !== 'request') continue;
    const note = after.notes.find((each) => each.id === event.noteId);
    if (note === undefined) continue;
    const id = newId();
    const body: InboxBody = { text: note.text, addressed: true, opensThread: false, files: [] };
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
            sql<string>`${`queued:${note.id}`}`.as('external_id'),
            'tasks.thread_id',
            sql<string>`${note.by.memberId}::uuid`.as('member_id'),
            sql<InboxBody>`${JSON.stringify(body)}::jsonb`.as('body'),
          ])
          .where('tasks.id', '=', after.id),
      )
      .onConflict((conflict) => conflict.columns(['platform', 'external_id']).doNothing())
      .execute();
    await notify(trx, [['commander_inbox', id]]);
  }
}
