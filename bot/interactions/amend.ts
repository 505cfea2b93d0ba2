import type { MessageChange } from '#core/chat/adapter.ts';
import { readSaid } from '#core/task/said.ts';
import { readNumber } from '#core/task/who-hears.ts';
import { plainText } from '#core/text/sanitise.ts';
import { amendMessage } from '#db/intake/amend.ts';
import { changeTask } from '#db/tasks/change-task.ts';
import { taskOfNote } from '#db/tasks/queries.ts';
import type { Application } from '../application.ts';

/** Follows an edit or deletion of a message: what was not handled yet is handled as it reads now, and a note that waits follows. */
export async function amend({ db }: Application, change: MessageChange): Promise<void> {
  const text = change.text === undefined ? undefined : plainText(change.text);
  await db.transaction(async (trx) => {
    const message = await amendMessage(trx, { ...change, text });
    if (message === undefined || !message.handled) return;
    const task = await taskOfNote(trx, message.threadId, message.id);
    if (task === undefined) return;
    const [named, rest] = readNumber(text ?? '');
    const words = readSaid(named === task.number ? rest : (text ?? '')).text;
    const command =
      words === ''
        ? ({ type: 'drop-note', noteId: message.id } as const)
        : ({ type: 'change-note', noteId: message.id, text: words } as const);
    // A refusal means that it was taken up in this very moment: it stays as it was heard, and the thread says so.
    await changeTask(db, trx, task.id, command, { actor: message.sender });
  });
}
