import type { MessagePort } from 'node:worker_threads';
import { waitingNotes } from '#core/task/decide-note.ts';
import { executeRun } from '../run/execute-run.ts';
import { createNoteFeed } from '../run/run-notes.ts';
import type { RunOrder } from './messages.ts';
import { openPortJournal } from './port-journal.ts';

/** The entry of a run's thread: Piscina calls it once for each run, several at a time in one thread. */
export async function runInThread({ input, port }: RunOrder<MessagePort>): Promise<void> {
  const notes = createNoteFeed(waitingNotes(input.task));
  const { journal, signal, close } = openPortJournal(port, notes.update);
  try {
    await executeRun({ input, journal, signal, notes });
  } finally {
    close();
  }
}
