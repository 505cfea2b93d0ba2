import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createDemo } from '#bot/demo/create-demo.ts';
import { type BotOptions, startBot } from '#bot/start-bot.ts';
import type { DayBudgets } from '#core/agents/budget.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { InteractionReply } from '#core/chat/adapter.ts';
import type { Block, Button, Card } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { addProject } from '#db/projects/projects.ts';
import type { TestDatabase } from '#tests/database.ts';
import { startWorker } from '#workers/start-worker.ts';

/** A whole Commander on a database of its own, used as a person does: over HTTP. */
export interface TestCommander {
  readonly url: string;
  readonly db: Database;
  readonly home: string;
  /** The demo project's repository. */
  readonly demo: string;
  /** A folder of the test's own, beside the data directory. */
  readonly folder: string;
  /** Says something in #general; the id of the thread. */
  say(text: string, options?: Saying): Promise<string>;
  /** Uploads a file to the chat; its id, for `say`. */
  upload(name: string, bytes: string | Uint8Array<ArrayBuffer>): Promise<string>;
  reply(thread: string, text: string, as?: string, fileIds?: readonly string[]): Promise<void>;
  thread(id: string): Promise<readonly ChatMessage[]>;
  /** Waits until the messages of a thread fit, woken by the event stream. */
  threadThat(id: string, fits: (messages: readonly ChatMessage[]) => boolean): Promise<readonly ChatMessage[]>;
  /** Waits until a card of the thread fits. */
  card(thread: string, fits: (card: Card) => boolean): Promise<Card>;
  /** Presses the button of that label on the newest card that has it, once one has. */
  press(thread: string, label: string, as?: string): Promise<InteractionReply>;
  /** Presses what is on somebody's screen: a button of a message. */
  pressAt(message: string, action: string, as?: string): Promise<InteractionReply>;
  /** Sends a form that was opened at a message. */
  send(message: string, modalId: string, values: Readonly<Record<string, string>>): Promise<InteractionReply>;
  submit(
    thread: string,
    label: string,
    values: Readonly<Record<string, string>>,
    as?: string,
  ): Promise<InteractionReply>;
  /** Ends the bot and begins another one on the same database, as after a crash of its process. */
  restartBot(): Promise<void>;
  stop(): Promise<void>;
}

interface Saying {
  readonly as?: string;
  readonly key?: string;
  /** Ids of uploaded files. */
  readonly fileIds?: readonly string[];
}

export interface TestCommanderOptions {
  /** Dropped at the end. */
  readonly database: TestDatabase;
  readonly slots?: number;
  /** Coding agents of the worker that runs here. */
  readonly agents?: readonly AgentSpec[];
  /** What agents may use in a day. */
  readonly budgets?: DayBudgets;
  /** `elsewhere`: the caller starts workers of its own. */
  readonly worker?: 'here' | 'elsewhere';
  /** As in the bot's own options. */
  readonly limits?: BotOptions['limits'];
  /** Bytes that one attachment may have. */
  readonly attachmentBytes?: number;
  /** As in the bot's own options. */
  readonly platforms?: BotOptions['platforms'];
}

export async function startCommander({
  database,
  slots = 4,
  agents = [],
  budgets,
  worker: place = 'here',
  limits,
  attachmentBytes,
  platforms,
}: TestCommanderOptions): Promise<TestCommander> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-whole-'));
  const home = join(folder, 'home');
  const demo = join(folder, 'strawberry-api');
  const log = pino({ level: 'silent' });
  const db = await openDatabase({ url: database.url, application: 'test bot', role: 'bot', log });
  await createDemo(demo);
  await addProject(db, { name: 'strawberry-api', kind: 'repository', location: demo, defaultBranch: 'main' });
  const options = { db, home, port: 0, listen: '127.0.0.1', hosts: [], log, limits, attachmentBytes, platforms };
  let bot = await startBot(options);
  const worker =
    place === 'here' ? await startWorker({ db, home, slots, agents, budgets, policy: [], log }) : undefined;
  const url = () => `http://127.0.0.1:${bot.port}`;

  async function call<Answer>(path: string, body?: object, as = 'ana'): Promise<Answer> {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json', 'commander-person': as };
    const response = await fetch(`${url()}/api/chat${path}`, { ...sent, headers });
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async function thread(id: string): Promise<readonly ChatMessage[]> {
    return (await call<{ messages: ChatMessage[] }>(`/threads/${id}`)).messages;
  }

  async function threadThat(
    id: string,
    fits: (messages: readonly ChatMessage[]) => boolean,
  ): Promise<readonly ChatMessage[]> {
    const ending = new AbortController();
    const events = await fetch(`${url()}/api/chat/events`, { signal: ending.signal });
    const reader = events.body?.getReader();
    try {
      for (;;) {
        const messages = await thread(id);
        if (fits(messages)) return messages;
        await reader?.read();
      }
    } finally {
      ending.abort();
    }
  }

  /** Waits for the button: a card shows it a moment after what brought it about. */
  async function findButton(id: string, label: string): Promise<{ message: ChatMessage; button: Button }> {
    const find = (messages: readonly ChatMessage[]) =>
      messages
        .toReversed()
        .flatMap((message) => message.card?.blocks.flatMap(buttonsOf).map((button) => ({ message, button })) ?? [])
        .find(({ button }) => button.label === label);
    const found = find(await threadThat(id, (messages) => find(messages) !== undefined));
    if (found === undefined) throw new Error(`the button “${label}” that was found is gone`);
    return found;
  }

  const pressAt = (message: string, action = '', as?: string) =>
    call<InteractionReply>(`/messages/${message}/press`, { action }, as);

  async function press(id: string, label: string, as?: string): Promise<InteractionReply> {
    const { message, button } = await findButton(id, label);
    return pressAt(message.id, button.action, as);
  }

  return {
    get url() {
      return url();
    },
    db,
    home,
    demo,
    folder,
    thread,
    press,
    pressAt,
    async say(text, { as = 'ana', ...rest } = {}) {
      const { message } = await call<{ message: ChatMessage }>('/channels/general/messages', { text, ...rest }, as);
      return message.id;
    },
    async upload(name, body) {
      const response = await fetch(`${url()}/api/chat/files?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'commander-person': 'ana' },
        body,
      });
      return ((await response.json()) as { file: { id: string } }).file.id;
    },
    async reply(id, text, as, fileIds = []) {
      await call(`/threads/${id}/messages`, { text, fileIds }, as);
    },
    threadThat,
    async card(id, fits) {
      const find = (messages: readonly ChatMessage[]) =>
        messages.findLast(({ card }) => card !== undefined && fits(card))?.card;
      const found = find(await threadThat(id, (messages) => find(messages) !== undefined));
      if (found === undefined) throw new Error('a card that was found is gone');
      return found;
    },
    send: (message, modalId, values) => call(`/messages/${message}/submit`, { modalId, values }),
    async submit(id, label, values, as) {
      const reply = await press(id, label, as);
      if (reply.kind !== 'modal') throw new Error(`“${label}” opened no form: ${JSON.stringify(reply)}`);
      const { message } = await findButton(id, label);
      return call(`/messages/${message.id}/submit`, { modalId: reply.modal.id, values }, as);
    },
    async restartBot() {
      await bot.stop();
      bot = await startBot(options);
    },
    async stop() {
      await bot.stop();
      await worker?.stop();
      await db.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What can be pressed; the option of a menu is called `Tone: terse`. */
function buttonsOf(block: Block): readonly Button[] {
  if (block.kind === 'select') {
    return block.options.map(({ label, action }) => ({ label: `${block.label}: ${label}`, action }));
  }
  return block.kind === 'buttons' ? block.buttons : [];
}
