import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createWebAdapter } from '#adapters/web/adapter.ts';
import type { ChatAdapter, PostId } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { ChatChannel, ChatFile, ChatMessage, ChatStore } from '#core/chat/chat-store.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';
import { createChatStore } from '#db/chat/chat-store.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { launchBrowser, type OpenPage, openPage } from './open.ts';
import { type ChatServer, serveChat } from './server.ts';

/** What a browser test works with: the real web chat on a real database, empty before each test, and a browser. */
export interface ChatTest {
  readonly server: ChatServer;
  readonly store: ChatStore;
  readonly general: ChatChannel;
  /** Opens the chat as that person; without a name, as somebody at the first visit. */
  open(person: string | undefined, options?: OpenOptions): Promise<Page>;
  /** Lets another person write, from another place. */
  say(author: string, text: string, where?: Where): Promise<ChatMessage>;
  /** Lets the bot post a card into the thread of a message, and replace it later. */
  post(root: ChatMessage, card: Card): Promise<PostId>;
  edit(post: PostId, card: Card): Promise<void>;
  file(name: string, mediaType: string, bytes: Uint8Array): Promise<ChatFile>;
  /** All messages, the oldest change first. */
  stored(): Promise<readonly ChatMessage[]>;
  /** The page may log errors from now on: the test breaks the server. */
  expectErrors(): void;
}

interface OpenOptions extends BrowserContextOptions {
  readonly path?: string;
}

interface Where {
  readonly channel?: ChatChannel;
  readonly root?: ChatMessage;
  readonly files?: readonly ChatFile[];
}

/** Everything that lives as long as a test file. */
interface Ground {
  readonly browser: Browser;
  readonly test: TestDatabase;
  readonly database: Database;
  readonly store: ChatStore;
  readonly home: string;
}

/** Prepares browser tests in the calling file. After each test, no page may have logged an error or broken its policy. */
export function useChat(): ChatTest {
  let ground: Ground;
  let adapter: ChatAdapter;
  let server: ChatServer;
  let general: ChatChannel;
  let pages: OpenPage[] = [];
  let errorsExpected = false;
  let revision = 0;
  beforeAll(async () => {
    ground = await prepareGround();
  });
  afterAll(() => leaveGround(ground));
  beforeEach(async () => {
    const { database, store, home } = ground;
    await sql`truncate chat_channels, chat_people, chat_messages, chat_files cascade`.execute(database.kysely);
    adapter = createWebAdapter({ store, home, storeBytes: (bytes, limit) => storeBlob(home, bytes, limit) });
    server = await serveChat(adapter);
    general = await store.addChannel('general');
    errorsExpected = false;
  });
  afterEach(async () => {
    const wrong = pages.flatMap((open) => open.wrong);
    await Promise.all(pages.map((open) => open.close()));
    pages = [];
    await server.stop();
    if (!errorsExpected) expect(wrong).toEqual([]);
  });
  const threadOf = ({ id, channelId }: ChatMessage) => ({ platform: 'web', channel: channelId, thread: id });
  return {
    get server() {
      return server;
    },
    get store() {
      return ground.store;
    },
    get general() {
      return general;
    },
    expectErrors: () => {
      errorsExpected = true;
    },
    open: async (person, { path = '/', ...options } = {}) => {
      const state =
        person === undefined ? {} : { storageState: { cookies: [cookieOf(person, server.url)], origins: [] } };
      const open = await openPage(ground.browser, server.url + path, { ...state, ...options });
      pages.push(open);
      await open.page.locator('.channel-pane .messages').waitFor({ state: 'attached' });
      return open.page;
    },
    say: async (author, text, { channel = general, root, files = [] } = {}) => {
      const { id: personId } = await ground.store.person(author);
      const fileIds = files.map(({ id }) => id);
      const said = { channelId: channel.id, rootId: root?.id, author: { personId }, text, fileIds, key: randomUUID() };
      return (await ground.store.append(said)).message;
    },
    post: (root, card) => adapter.create(threadOf(root), card, randomUUID(), 'now'),
    edit: async (post, card) => {
      const message = await ground.store.message(post);
      if (message === undefined) throw new Error(`There is no post ${post}.`);
      revision += 1;
      await adapter.edit(threadOf(message), post, card, revision, 'now');
    },
    file: (name, mediaType, bytes) => addFile(ground, name, mediaType, bytes),
    stored: () => ground.store.changesSince('0', 1000),
  };
}

/** The place for writing in a channel, or in the open thread. */
export function composer(page: Page, where: 'channel' | 'thread'): Locator {
  return page.getByRole('textbox', { name: where === 'channel' ? /^Message #/ : 'Reply…' });
}

/** The messages of the server that the list of the channel, or of the open thread, shows. */
export function messages(page: Page, where: 'channel' | 'thread'): Locator {
  const name = where === 'channel' ? /^Messages in (?!this)/ : 'Messages in this thread';
  return page.getByRole('region', { name }).locator('.message[data-message]');
}

/** The messages that could not be sent. */
export function unsent(page: Page): Locator {
  return page.locator('.message.failed');
}

/** Waits until a locator holds that text. */
export async function shows(locator: Locator, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).first().waitFor();
}

async function prepareGround(): Promise<Ground> {
  const test = await testDatabase();
  const log = { info() {}, warn() {}, error() {} };
  const database = await openDatabase({ url: test.url, application: 'browser tests', role: 'bot', log });
  const home = await mkdtemp(join(tmpdir(), 'commander-browser-'));
  return { test, database, store: createChatStore(database), home, browser: await launchBrowser() };
}

async function leaveGround(ground: Ground | undefined): Promise<void> {
  await ground?.browser.close();
  await ground?.database.close();
  await ground?.test.drop();
  if (ground !== undefined) await rm(ground.home, { recursive: true });
}

async function addFile({ store, home }: Ground, name: string, mediaType: string, bytes: Uint8Array): Promise<ChatFile> {
  const body = new Blob([new Uint8Array(bytes)]).stream();
  const stored = await storeBlob(home, body, bytes.length);
  const { id: personId } = await store.person('bo');
  return store.addFile({ ...stored, name, mediaType, personId });
}

function cookieOf(person: string, url: string) {
  const { hostname: domain } = new URL(url);
  const lasting = { path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' as const };
  return { name: 'commander_person', value: encodeURIComponent(person), domain, ...lasting };
}
