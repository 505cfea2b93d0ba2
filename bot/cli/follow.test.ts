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

it('offers at a terminal what is asked meanwhile, one after the other, until somebody else has answered it', async () => {
  const buttons = [{ kind: 'buttons', buttons: [{ label: 'Approve', action: 'approve' }] }] as const;
  const asks = card(1, { key: 'approval:1', blocks: buttons });
  const now = [message('a', '1', card(1, {})), message('p', '2', asks), message('q', '3', asks)];
  const { talk, printed } = thread(now);
  const secondAsked = Promise.withResolvers<void>();
  const coming = [
    message('q', '4', card(1, { key: 'approval:1' })),
    message('a', '5', card(1, { key: 'report:1', outcome: 'completed' })),
  ];
  const next = async () => {
    await secondAsked.promise;
    return coming.shift();
  };
  const pressed: string[] = [];
  const press = async (id: string) => {
    pressed.push(id);
    return { kind: 'done' } as const;
  };
  const signals: (AbortSignal | undefined)[] = [];
  const ask = async (_question: string, signal?: AbortSignal) => {
    signals.push(signal);
    if (signals.length === 1) return '1';
    secondAsked.resolve();
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    return undefined;
  };
  const { client, changes, terminal } = talk;
  const atTerminal = { client: { ...client, press }, changes: { ...changes, next }, terminal: { ...terminal, ask } };
  expect(await followTasks({ ...talk, ...atTerminal }, { thread: 'root', since: 0n })).toBe(0);
  expect([pressed, signals.map((signal) => signal?.aborted)]).toEqual([['p'], [false, true]]);
  expect(printed.join('\n')).toMatch(/1 {2}Approve[\s\S]*Done: Approve/);
});

it('Ctrl-C ends the looking, not the task, and says how to go on', async () => {
  const { talk, printed } = thread([message('a', '1', card(1, {}))]);
  const following = followTasks(talk, { thread: 'root', since: 0n });
  process.emit('SIGINT');
  expect(await following).toBe(130);
  expect(printed.join('\n')).toContain('Stopped following; #1 goes on.');
  expect(printed.join('\n')).toContain('commander cancel 1');
});
