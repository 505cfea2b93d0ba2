import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { createAnswersFirst } from '../answers-first.ts';
import type { Application } from '../application.ts';
import { type Arrivals, startArrivals } from './arrivals.ts';

let database: TestDatabase;
let db: Database;
let arrivals: Arrivals;
let adapter: Pick<ChatAdapter, 'platform' | 'understand'>;
let understood: string[];
/** What is called each time that something was understood. */
let noticed: () => void;
/** Keys whose next attempt fails. */
const broken = new Set<string>();

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
beforeEach(() => {
  understood = [];
  adapter = {
    platform: 'slack',
    async understand(body) {
      const { say } = body as { say: string };
      if (broken.delete(say)) throw new Error('not now');
      understood.push(say);
      noticed();
    },
  };
  arrivals = begin();
});
afterEach(async () => {
  await arrivals.stop();
  await db.kysely.deleteFrom('arrivals').execute();
});

function begin(): Arrivals {
  const adapters = new Map([['slack', adapter as ChatAdapter]]);
  const parts = { db, adapters, log: pino({ level: 'silent' }), answersFirst: createAnswersFirst() };
  return startArrivals(parts as unknown as Application);
}

function until(count: number): Promise<void> {
  return new Promise((resolve) => {
    noticed = () => understood.length >= count && resolve();
    noticed();
  });
}

const arrival = (say: string, lane = 'general') => ({ key: say, lane, body: { say } });

it('is understood once, though it comes often and at once, in the order of its lane', async () => {
  const words = Array.from({ length: 20 }, (_, index) => `word ${index}`);
  const all = until(words.length);
  await Promise.all([...words, ...words].map((say) => arrivals.keep(adapter, arrival(say))));
  await all;
  expect(understood).toEqual(words);
  await arrivals.keep(adapter, arrival('word 3'));
  await arrivals.keep(adapter, arrival('the end'));
  await until(words.length + 1);
  expect(understood).toEqual([...words, 'the end']);
});

it('leaves nothing of what was said once it is understood', async () => {
  await arrivals.keep(adapter, arrival('private'));
  await until(1);
  await arrivals.stop();
  expect(await db.kysely.selectFrom('arrivals').select('body').execute()).toEqual([{ body: null }]);
});

it('is tried again when it could not be understood, and holds up no other', async () => {
  broken.add('difficult');
  await arrivals.keep(adapter, arrival('difficult'));
  await arrivals.keep(adapter, arrival('easy'));
  await until(2);
  expect(understood).toEqual(['easy', 'difficult']);
});

it('waits for what it changes, while that can not be understood', async () => {
  broken.add('mention');
  await arrivals.keep(adapter, arrival('mention'));
  await arrivals.keep(adapter, { ...arrival('deletion'), after: 'mention' });
  await arrivals.keep(adapter, { ...arrival('of what is none of our business'), after: 'talk' });
  await until(3);
  expect(understood).toEqual(['of what is none of our business', 'mention', 'deletion']);
});

it('is taken up by the next process when the first one dies or stops in between', async () => {
  await arrivals.stop();
  await arrivals.keep(adapter, arrival('left behind'));
  expect(understood).toEqual([]);
  await db.kysely.updateTable('arrivals').set({ due_at: new Date() }).execute();
  arrivals = begin();
  await until(1);
  expect(understood).toEqual(['left behind']);
});
