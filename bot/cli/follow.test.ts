import { expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { readArguments } from './arguments.ts';
import type { ChatClient } from './chat-client.ts';
import { followTasks } from './follow.ts';

const card = (number: number, more: Partial<Card>): Card => ({
  key: 'status:1',
  tone: 'progress',
  title: [{ kind: 'task', number }, ' Test'],
  summary: '',
  blocks: [],
  ...more,
});

const message = (id: string, cursor: string, shown: Card) =>
  ({ id, rootId: 'root', cursor, revision: Number(cursor), card: shown, author: 'commander' }) as ChatMessage;

/** A thread with these messages, and what comes in it; after that nothing does. */
function thread(now: readonly ChatMessage[], later: readonly ChatMessage[] = []) {
  const printed: string[] = [];
  const coming = [...later];
  const client = { url: '', thread: async () => now } as unknown as ChatClient;
  const changes = {
    cursor: '0',
    next: async () => coming.shift() ?? Promise.withResolvers<undefined>().promise,
    close: () => undefined,
  };
  const talk = {
    client,
    changes,
    asked: readArguments(['status', '--follow']),
    terminal: { print: (line: string) => void printed.push(line) },
  };
  return { talk, printed };
}

it('ends when all tasks of the thread have ended, and says whether all were completed', async () => {
  const begun = [message('a', '1', card(1, {})), message('b', '2', card(2, {}))];
  const ends = [
    message('a', '3', card(1, { key: 'report:1', outcome: 'completed' })),
    message('b', '4', card(2, { outcome: 'cancelled' })),
  ];
  expect(await followTasks(thread(begun, ends).talk, { thread: 'root', since: 0n })).toBe(1);
  expect(await followTasks(thread(begun, ends).talk, { thread: 'root', number: 1, since: 0n })).toBe(0);
});

it('Ctrl-C ends the looking, not the task, and says how to go on', async () => {
  const { talk, printed } = thread([message('a', '1', card(1, {}))]);
  const following = followTasks(talk, { thread: 'root', since: 0n });
  process.emit('SIGINT');
  expect(await following).toBe(130);
  expect(printed.join('\n')).toContain('Stopped following; #1 goes on.');
  expect(printed.join('\n')).toContain('commander cancel 1');
});
