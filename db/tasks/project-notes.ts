import type { Transaction } from '../database.ts';
import { addOwnMessage } from '../intake/own-message.ts';
import type { Change } from './project-task.ts';

/** What waited for the end of a run is now asked as a message of its own, by the person who said it, in the same thread. */
export async function projectNotes(trx: Transaction, { after, events }: Change): Promise<void> {
  for (const event of events) {
    if (event.type !== 'note.taken' || event.as !== 'request') continue;
    const note = after.notes.find((each) => each.id === event.noteId);
    if (note === undefined) continue;
    await addOwnMessage(trx, {
      taskId: after.id,
      externalId: `queued:${note.id}`,
      memberId: note.by.memberId,
      body: { text: note.text, addressed: true, opensThread: false, files: [], stored: note.files },
    });
  }
}
