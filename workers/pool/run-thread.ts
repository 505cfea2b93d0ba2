import type { MessagePort } from 'node:worker_threads';
import { executeRun } from '../run/execute-run.ts';
import type { RunOrder } from './messages.ts';
import { openPortJournal } from './port-journal.ts';

/** The entry of a run's thread: Piscina calls it once for each run, several at a time in one thread. */
export async function runInThread({ input, port }: RunOrder<MessagePort>): Promise<void> {
  const { journal, signal, close } = openPortJournal(port);
  try {
    await executeRun({ input, journal, signal });
  } finally {
    close();
  }
}
