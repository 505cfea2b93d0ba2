import type { MessagePort } from 'node:worker_threads';
import { talkOf } from '#core/task/talk.ts';
import { executeRun } from '../run/execute-run.ts';
import { createTalkFeed } from '../run/talk-feed.ts';
import type { RunOrder } from './messages.ts';
import { openPortJournal } from './port-journal.ts';
import { yieldToChat } from './yield-to-chat.ts';

yieldToChat();

/** The entry of a run's thread: Piscina calls it once for each run, several at a time in one thread. */
export async function runInThread({ input, port }: RunOrder<MessagePort>): Promise<void> {
  const talk = createTalkFeed(talkOf(input.task));
  const { journal, otherTasks, signal, close } = openPortJournal(port, talk.update);
  try {
    await executeRun({ input, journal, signal, talk, otherTasks });
  } finally {
    close();
  }
}
