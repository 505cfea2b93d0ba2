import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { plainOf } from '#core/chat/inline.ts';
import { barriers, sizes } from '../browser/axe.ts';
import { browserMissing, launchBrowser, openPage } from '../browser/open.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

/** Tasks that wait while another one runs. */
const waiting = 200;

/** So many requests come in one message, as a list. */
const perMessage = 20;

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase(), slots: 1 });
});

afterAll(async () => {
  await commander?.stop();
});

/** 200 runs one after the other: some 10 s on two cores, much more where others want them too. */
const longTest = { timeout: 240_000 };

it('waiting for approval holds no worker: with one slot, the next task runs at once', longTest, async () => {
  const step = (name: string, approve: boolean) =>
    `{ name: ${name}, command: 'true', approve: ${approve}, reversible: true }`;
  const folder = await makeRepository(join(commander.folder, 'gate'), {
    'commander.yaml': `runbooks:
  ask: { summary: Asks first, steps: [${step('Ask', true)}] }
  act: { summary: Asks nothing, steps: [${step('Act', false)}] }
`,
  });
  await commander.card(await commander.say(`@commander add project ${folder}`), is('notice', 'is a project now'));
  const list = Array.from({ length: perMessage }, () => '- ask in gate').join('\n');
  const threads = await Promise.all(
    Array.from({ length: waiting / perMessage }, () => commander.say(`@commander these:\n${list}`)),
  );
  await untilWaiting();
  const asks = (messages: readonly ChatMessage[]) =>
    messages.filter(({ card }) => card?.key.startsWith('approval:')).length;
  for (const thread of threads) await commander.threadThat(thread, (messages) => asks(messages) === perMessage);
  const next = await commander.say('@commander act in gate');
  await commander.card(next, is('report', 'Completed'));
  expect(await countWaiting()).toBe(waiting);
});

describe('the inbox page', () => {
  const at = (path: string, init: RequestInit = {}) =>
    fetch(commander.url + path, { ...init, headers: { 'commander-person': 'ana', ...init.headers } });
  const headings = async (query = '') =>
    [...(await (await at(`/inbox${query}`)).text()).matchAll(/<h2>(?:<a[^>]*>)?([^<]+)/g)].map(([, words]) => words);
  let asked: string;

  beforeAll(async () => {
    const projectFile = "runbooks:\n  ask: { summary: Asks, steps: [{ name: Ask, command: 'true', approve: true }] }\n";
    const folder = await makeRepository(join(commander.folder, 'fence'), { 'commander.yaml': projectFile });
    await commander.card(await commander.say(`@commander add project ${folder}`), is('notice', 'is a project now'));
    await commander.card(await commander.say('@commander ask'), is('question', ''));
    const thread = await commander.say('@commander ask in fence urgently', { as: 'bo' });
    asked = (await commander.card(thread, is('approval', ''))).key.replace('approval:', '');
  });

  it('lists all that waits, alike in one line, by project, person and urgency, to those who say who they are', async () => {
    const all = await headings();
    expect(all).toHaveLength(3);
    expect(all).toEqual(
      expect.arrayContaining(['200 tasks ask the same', '“ask”', expect.stringMatching(/^#202 ask/)]),
    );
    expect(await headings('?project=fence')).toEqual([expect.stringMatching(/^#202 ask/)]);
    expect(await headings('?person=bo&whose=mine')).toEqual([expect.stringMatching(/^#202 ask/)]);
    expect(await headings('?urgency=urgent')).toEqual(['“ask”', expect.stringMatching(/^#202 ask/)]);
    expect(await headings('?project=nowhere')).toEqual([]);
    expect(await (await fetch(`${commander.url}/inbox`)).text()).toContain('Say your name in the chat');
  });

  it.skipIf(browserMissing())(
    'has no barriers, and its answers are given by keyboard; another site gives none',
    async () => {
      const decided = async () =>
        commander.db.kysely.selectFrom('approvals').select('status').where('id', '=', asked).executeTakeFirst();
      const body = new URLSearchParams({ action: `approve:${asked}` });
      const foreign = await at('/inbox', { method: 'POST', body, headers: { origin: 'https://evil.example' } });
      expect([foreign.status, await decided()]).toEqual([403, { status: 'open' }]);
      const browser = await launchBrowser();
      onTestFinished(() => browser.close());
      const kept = { expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' } as const;
      const cookie = { ...kept, name: 'commander_person', value: 'ana', domain: '127.0.0.1', path: '/' };
      const storageState = { cookies: [cookie], origins: [] };
      for (const [name, size] of sizes) {
        const { page, wrong } = await openPage(browser, `${commander.url}/inbox`, { ...size, storageState });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect([name, await barriers(page), wrong, wide]).toEqual([name, [], [], false]);
      }
      const { page } = await openPage(browser, `${commander.url}/inbox?project=fence`, { storageState });
      await page.getByText('Exactly this will run').waitFor();
      await page.getByRole('button', { name: /^Approve \(#202\)/ }).press('Enter');
      await page.getByText('Approved: it is recorded').waitFor();
      expect(await page.getByText('Nothing waits for a person').isVisible()).toBe(true);
      expect(await decided()).toEqual({ status: 'approved' });
    },
  );
});

/** Resolves when all of them wait; threads are read afterwards, for each has many cards and each task many changes. */
async function untilWaiting(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => countWaiting().then((count) => count === waiting && resolve(), reject);
  const end = commander.db.listener.on('commander_task', () => void look());
  await look();
  await promise.finally(end);
}

async function countWaiting(): Promise<number> {
  const rows = await commander.db.kysely
    .selectFrom('tasks')
    .select('id')
    .where('waiting_for', '=', 'approval')
    .execute();
  return rows.length;
}

/** Fits a card of this key whose title says this. */
function is(key: string, words: string) {
  return (card: Card) => card.key.includes(key) && plainOf(card.title).includes(words);
}
