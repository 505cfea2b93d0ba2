import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { ChatChannel } from '#core/chat/chat-store.ts';
import { launchBrowser, type OpenPage, openPage } from './open.ts';
import { type StandIn, startStandIn } from './stand-in/server.ts';

/** What a browser test works with: a fresh server for each test, one browser for the file. */
export interface ChatTest {
  readonly server: StandIn;
  readonly general: ChatChannel;
  /** Opens the chat as that person; without a name, as somebody at the first visit. */
  open(person: string | undefined, options?: OpenOptions): Promise<Page>;
  /** Whether the page may log errors: tests that break the server expect some. */
  expectErrors(): void;
}

interface OpenOptions extends BrowserContextOptions {
  readonly path?: string;
}

/** Prepares browser tests in the calling file. After each test, no page may have logged an error or broken its policy. */
export function useChat(): ChatTest {
  let browser: Browser;
  let server: StandIn;
  let general: ChatChannel;
  let pages: OpenPage[] = [];
  let errorsExpected = false;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = await startStandIn();
    general = server.memory.addChannel('general');
    errorsExpected = false;
  });
  afterEach(async () => {
    const wrong = pages.flatMap((open) => open.wrong);
    await Promise.all(pages.map((open) => open.close()));
    pages = [];
    await server.stop();
    if (!errorsExpected) expect(wrong).toEqual([]);
  });
  return {
    get server() {
      return server;
    },
    get general() {
      return general;
    },
    expectErrors: () => {
      errorsExpected = true;
    },
    open: async (person, { path = '/', ...options } = {}) => {
      const cookie = { name: 'commander_person', value: person ?? '', url: server.url };
      const state = person === undefined ? {} : { storageState: { cookies: [cookieOf(cookie)], origins: [] } };
      const open = await openPage(browser, server.url + path, { ...state, ...options });
      pages.push(open);
      await open.page.locator('.channel-pane .messages').waitFor({ state: 'attached' });
      return open.page;
    },
  };
}

/** The place for writing in a channel, or in the open thread. */
export function composer(page: Page, where: 'channel' | 'thread'): Locator {
  return page.getByRole('textbox', { name: where === 'channel' ? /^Message #/ : 'Reply…' });
}

/** The messages that the list of the channel, or of the open thread, shows. */
export function messages(page: Page, where: 'channel' | 'thread'): Locator {
  return page
    .getByRole('region', { name: where === 'channel' ? /^Messages in (?!this)/ : 'Messages in this thread' })
    .locator('.message');
}

/** Waits until a locator holds that text. */
export async function shows(locator: Locator, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).first().waitFor();
}

function cookieOf({ name, value, url }: { name: string; value: string; url: string }) {
  const domain = new URL(url).hostname;
  return { name, value, domain, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' as const };
}
