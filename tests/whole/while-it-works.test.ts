import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Application } from '#bot/application.ts';
import { amend } from '#bot/interactions/amend.ts';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { acceptMessage, dueMessages } from '#db/intake/inbox.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
});
afterAll(() => commander.stop());

const titled = (words: string) => (card: Card) => plainOf(card.title).includes(words);
const says = (words: string) => (card: Card) => JSON.stringify(card.blocks).includes(words);

it('words that steer are declined once where the steps are fixed', async () => {
  const thread = await commander.say('@commander release 1.3.0');
  await commander.card(thread, (card) => card.key.startsWith('approval:'));
  await commander.reply(thread, 'use tabs please');
  await commander.card(thread, titled('be steered while it works'));
  await commander.reply(thread, 'really, use tabs');
  await commander.reply(thread, 'btw: what do you wait for?');
  await commander.card(thread, (card) => card.key.includes('notice'));
  const declined = (await commander.thread(thread)).filter(({ card }) => card && titled('be steered')(card));
  expect(declined).toHaveLength(1);
});

it('an edit of what waits is read as the first words were: with what they answered, by their mark, and never over a newer one', async () => {
  const thread = await commander.say('@commander release 1.3.1');
  await commander.card(thread, (card) => card.key.startsWith('approval:'));
  const [root] = await commander.thread(thread);
  const message = {
    externalId: `queued ${thread}`,
    thread: { platform: 'web', channel: root?.channelId ?? '', thread },
    sender: { externalId: 'x', name: 'ana' },
    files: [],
    addressed: false,
    opensThread: false,
    earlier: [{ from: 'bo', text: 'as we said', brought: true }] as const,
  };
  await acceptMessage(commander.db, { ...message, text: 'queue: report' }, 'admin');
  await commander.card(thread, says('report'));
  const edit = (text: string, editedAt: number) =>
    amend({ db: commander.db } as Application, { platform: 'web', ...message, text, editedAt });
  await edit('queue: report as HTML', 2);
  await edit('queue: report as PDF', 1);
  const changed = await commander.card(thread, says('report as HTML'));
  expect(says('as we said')(changed)).toBe(true);
  await edit('use tabs', 3);
  await commander.card(thread, says('Not taken up'));
});

it('where two tasks are under way in one thread the newest hears what is said, unless the other is named; that is said', async () => {
  const thread = await commander.say('@commander release 1.4.0');
  await commander.card(thread, (card) => card.key.startsWith('approval:'));
  await commander.reply(thread, '@commander release 1.5.0');
  const under = await commander.card(thread, titled('1.5.0'));
  const newest = numberOf(under);
  await commander.reply(thread, 'queue: run the tests');
  const hint = await commander.card(thread, titled(`#${newest} heard that`));
  expect(JSON.stringify(hint.blocks)).toContain(`Begin with “#${newest - 1}:”`);
  await commander.reply(thread, `#${newest - 1}: queue: run the tests twice`);
  const heard = await commander.card(thread, (card) => card.key === 'notes' && numberOf(card) === newest - 1);
  expect(says('run the tests twice')(heard)).toBe(true);
});

/** Of the task that a card is about. */
function numberOf(card: Card): number {
  return Number(/#(\d+)/.exec(plainOf(card.title))?.[1]);
}

it('shows what was said before as quoted context, hands it to the run, and says that it was found late', async () => {
  const thread = await commander.say('the build has been red since noon');
  const [root] = await commander.thread(thread);
  const address = { platform: 'web', channel: root?.channelId ?? '', thread };
  const message = {
    externalId: `late ${thread}`,
    thread: address,
    sender: { externalId: 'x', name: 'ana' },
    files: [],
  };
  const earlier = [{ from: 'bo', text: 'the build has been red since noon' }];
  await acceptMessage(
    commander.db,
    { ...message, text: 'run the tests', addressed: true, opensThread: false, earlier, late: true },
    'admin',
  );
  const understanding = await commander.card(thread, titled('Understood'));
  expect(understanding.blocks).toContainEqual({ kind: 'quote', ...earlier[0] });
  expect(says('after Commander had been away')(understanding)).toBe(true);
  expect(says('earlier-messages.txt')(understanding)).toBe(true);
  await commander.card(thread, (card) => card.key.startsWith('report:'));
});

it('asks what to do with what is only forwarded', async () => {
  const thread = await commander.say('a message of mine');
  const [root] = await commander.thread(thread);
  const message = {
    externalId: `forwarded ${thread}`,
    thread: { platform: 'web', channel: root?.channelId ?? '', thread },
    sender: { externalId: 'x', name: 'ana' },
    files: [],
  };
  const earlier = [{ from: 'bo', text: 'run the tests', brought: true }] as const;
  await acceptMessage(commander.db, { ...message, text: '', addressed: true, opensThread: false, earlier }, 'admin');
  const asked = await commander.card(thread, titled('What should be done with it?'));
  expect(says('Nothing was started')(asked)).toBe(true);
});

it('says once in a thread how many messages were missed there during an absence, and how its task goes on', async () => {
  const thread = await commander.say('@commander slow');
  await commander.card(thread, (card) => card.key.startsWith('status:') && says('Pause')(card));
  const [root] = await commander.thread(thread);
  const address = { platform: 'web', channel: root?.channelId ?? '', thread };
  const sender = { externalId: 'x', name: 'ana' };
  for (const text of ['queue: run the tests', 'queue: run the tests again']) {
    const message = { externalId: `missed ${text} ${thread}`, thread: address, sender, text, files: [] };
    await acceptMessage(commander.db, { ...message, addressed: false, opensThread: false, late: true }, 'admin');
  }
  const told = await commander.card(thread, (card) => titled('Back again')(card) && says('2 messages')(card));
  expect(says('goes on with step 1 of 6')(told)).toBe(true);
  await vi.waitUntil(async () => (await dueMessages(commander.db, 10)).length === 0, { timeout: 30_000 });
  await commander.press(thread, 'Cancel');
  await commander.card(thread, titled('Cancelled'));
  const receipts = (await commander.thread(thread)).filter(({ card }) => card && titled('Back again')(card));
  expect(receipts).toHaveLength(1);
});
