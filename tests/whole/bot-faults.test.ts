import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type CommitPoint, holdAt } from './hold.ts';
import { readyAddress, spawnCommander } from './process.ts';
import { killProcess } from './worker-process.ts';

let database: TestDatabase;
let folder: string;
let bot: { readonly child: ChildProcess; readonly url: string };

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'commander-bot-faults-'));
  bot = await startBot();
});

afterAll(async () => {
  if (bot !== undefined) await killProcess(bot.child);
  await rm(folder, { recursive: true, force: true });
  await database?.drop();
});

/** The real process, with a worker of its own. */
async function startBot(): Promise<typeof bot> {
  const child = spawnCommander({ home: join(folder, 'home'), folder, settings: { DATABASE_URL: database.url } });
  return { child, url: await readyAddress(child) };
}

async function say(key: string): Promise<string> {
  const response = await fetch(`${bot.url}/api/chat/channels/general/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'commander-person': 'ana' },
    body: JSON.stringify({ text: '@commander run the tests', key }),
  });
  return ((await response.json()) as { message: ChatMessage }).message.id;
}

/** The cards of a thread once it shows a report, woken by the event stream. */
async function cardsOf(id: string): Promise<readonly string[]> {
  const ending = new AbortController();
  const events = await fetch(`${bot.url}/api/chat/events`, { signal: ending.signal });
  const reader = events.body?.getReader();
  try {
    for (;;) {
      const answer = await fetch(`${bot.url}/api/chat/threads/${id}`);
      const { messages } = (await answer.json()) as { messages: readonly ChatMessage[] };
      const keys = messages.flatMap(({ card }) => card?.key.split(':')[0] ?? []);
      if (keys.includes('report')) return keys;
      await reader?.read();
    }
  } finally {
    ending.abort();
  }
}

async function query(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

const points: readonly (readonly [string, CommitPoint])[] = [
  [
    'before the chat has its message',
    { table: 'commander.chat_messages', on: 'insert', when: 'new.person_id is not null' },
  ],
  ['before the inbox has the message', { table: 'commander.inbox', on: 'insert', when: 'true' }],
  ['after the inbox has it, before there is a task', { table: 'commander.tasks', on: 'insert', when: 'true' }],
  [
    'after the task, before a post is begun',
    { table: 'commander.posts', on: 'insert', when: "new.key like '%report%'" },
  ],
  [
    'after a post is begun, before it is made',
    { table: 'commander.chat_messages', on: 'insert', when: "new.card->>'key' like 'report%'" },
  ],
  [
    'after a post is made, before that is saved',
    { table: 'commander.posts', on: 'update', when: "new.key like '%report%'" },
  ],
];

describe('a bot that is killed', () => {
  it.each(points)('%s: one task, one thread, each card once', async (name, point) => {
    const hold = await holdAt(database.url, point);
    // Its sender gets no answer, and sends it again when the bot is back: what a client does.
    const sent = say(name).catch(() => undefined);
    await hold.reached();
    await killProcess(bot.child);
    await sent;
    await hold.release();
    bot = await startBot();
    const thread = await say(name);
    expect(await cardsOf(thread)).toEqual(['understanding', 'status', 'report']);
    const tasks = await query(
      'select from commander.tasks join commander.threads on threads.id = thread_id where thread = $1',
      [thread],
    );
    expect(tasks).toHaveLength(1);
    const open = await query('select from commander.inbox where handled_at is null');
    expect(open).toHaveLength(0);
  });
});
