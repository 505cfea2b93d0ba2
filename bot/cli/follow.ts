import type { ChatMessage } from '#core/chat/chat-store.ts';
import { joinWords } from '#core/text/list.ts';
import type { Conversation } from './converse.ts';
import { exitCodes } from './exit-codes.ts';
import { startOffers } from './offers.ts';
import { howToPress } from './press.ts';
import { pressable } from './print-card.ts';
import { newsOf, outcomesIn } from './thread-view.ts';

/** What is followed until it ends. */
export interface Followed {
  /** The id of its first message. */
  readonly thread: string;
  /** Only this task of it; absent: all. */
  readonly number?: number;
  /** Ends that were told before this cursor are old ones. */
  readonly since: bigint;
  /** What was printed already. */
  readonly seen?: readonly ChatMessage[];
}

/** Time between two looks at what is to be printed: changes wake it before. */
const patienceMs = 60_000;

/** Prints what changes in a thread until its tasks have ended; the exit code says whether all of them were completed. Ctrl-C only ends the looking. */
export async function followTasks(talk: Conversation, followed: Followed): Promise<number> {
  const { client, changes, terminal } = talk;
  const seen = new Map((followed.seen ?? []).map((message) => [message.id, message]));
  const stopped = Promise.withResolvers<'stopped'>();
  const stop = () => stopped.resolve('stopped');
  process.once('SIGINT', stop);
  const offers = startOffers(talk);
  const take = (message: ChatMessage) => {
    const before = seen.get(message.id);
    if (before !== undefined && before.revision >= message.revision) return;
    seen.set(message.id, message);
    tell(talk, before, message);
    offers.see(message);
  };
  try {
    for (const message of seen.values()) offers.see(message);
    if (followed.seen === undefined) for (const message of await client.thread(followed.thread)) take(message);
    for (;;) {
      const ends = outcomes(seen, followed);
      if (ends.length > 0 && ends.every(([, outcome]) => outcome !== undefined))
        return ends.every(([, outcome]) => outcome === 'completed') ? exitCodes.done : exitCodes.refused;
      const message = await Promise.race([changes.next(patienceMs), stopped.promise]);
      if (message === 'stopped') {
        const numbers = ends.filter(([, outcome]) => outcome === undefined).map(([number]) => number);
        sayGoesOn(numbers, terminal.print);
        return exitCodes.interrupted;
      }
      if (message?.rootId === followed.thread) take(message);
    }
  } finally {
    offers.end();
    process.off('SIGINT', stop);
  }
}

function outcomes(seen: ReadonlyMap<string, ChatMessage>, { number, since }: Followed) {
  const all = [...outcomesIn(seen, since)];
  return number === undefined ? all : all.filter(([each]) => each === number);
}

/** Prints what a message says anew. */
function tell({ client, asked, terminal }: Conversation, before: ChatMessage | undefined, message: ChatMessage): void {
  if (message.card === undefined) return;
  if (asked.json) {
    terminal.print(JSON.stringify(message));
    return;
  }
  for (const line of newsOf(before?.card, message.card, { url: client.url, now: Date.now() })) terminal.print(line);
  const labels = pressable(message.card).map(({ label }) => label);
  if (before === undefined && labels.length > 0 && terminal.ask === undefined)
    terminal.print(`  ${howToPress(labels, message.rootId ?? message.id)}`);
}

function sayGoesOn(numbers: readonly number[], print: (line: string) => void): void {
  const [first] = numbers;
  print('');
  if (first === undefined) print('Stopped following.');
  else {
    const names = joinWords(numbers.map((number) => `#${number}`));
    print(`Stopped following; ${names} ${numbers.length === 1 ? 'goes' : 'go'} on.`);
    print(`Follow it again: commander status ${first} --follow. Stop it: commander cancel ${first}`);
  }
}
