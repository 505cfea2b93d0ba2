import type { MessageChange } from '#core/chat/adapter.ts';
import type { PersonCommand } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import { readNumber } from '#core/task/who-hears.ts';
import { plainText } from '#core/text/sanitise.ts';
import { type AmendedMessage, amendMessage } from '#db/intake/amend.ts';
import { changeTask } from '#db/tasks/change-task.ts';
import { taskOfNote } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';
import { fileNamesOf, heardOf, noteOf } from '../intake/said-words.ts';

/** Follows an edit or deletion of a message: what was not handled yet is handled as it reads now, and a note that waits follows. */
export async function amend({ db }: Application, change: MessageChange): Promise<void> {
  const text = change.text === undefined ? undefined : plainText(change.text);
  await db.transaction(async (trx) => {
    const message = await amendMessage(trx, { ...change, text });
    if (message === undefined || !message.handled) return;
    const task = await taskOfNote(trx, message.threadId, message.id);
    if (task === undefined) return;
    // A refusal means that it was taken up in this very moment: it stays as it was heard, and the thread says so.
    await changeTask(db, trx, task.id, commandOf(task, message, text), { actor: message.sender });
  });
}

/** What is said now, read as it was when it was first said; nothing of it is left where it was deleted. */
function commandOf(
  { number }: TaskState,
  { id: noteId, body }: AmendedMessage,
  text: string | undefined,
): PersonCommand {
  if (text === undefined) return { type: 'drop-note', noteId };
  const heard = heardOf(text);
  const [named, rest] = readNumber(heard);
  const note = noteOf(named === number ? rest : heard, body);
  const saysNothing = note.text === '' && fileNamesOf(body).length === 0;
  return saysNothing ? { type: 'drop-note', noteId } : { type: 'change-note', noteId, ...note };
}
