import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type Database, openDatabase } from '../database.ts';
import { createAdapterStore } from './adapter-store.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

it('keeps any JSON value under its key, each platform for itself', async () => {
  const store = createAdapterStore(db, 'one');
  for (const value of [{ a: [1, 'x'] }, 'text', 0, false, null, ['%_']]) {
    await store.set('key', value);
    expect(await store.get('key')).toEqual(value);
  }
  expect(await createAdapterStore(db, 'other').get('key')).toBeUndefined();
  await store.delete('key');
  expect(await store.get('key')).toBeUndefined();
});

it('lists keys by their beginning, in order, and takes no sign in it for a pattern', async () => {
  const store = createAdapterStore(db, 'lists');
  for (const key of ['seen:b', 'seen:a', 'seen%', 'other']) await store.set(key, key);
  expect((await store.list('seen:')).map(([key]) => key)).toEqual(['seen:a', 'seen:b']);
  expect((await store.list('seen%')).map(([key]) => key)).toEqual(['seen%']);
  expect(await store.list('')).toHaveLength(4);
});

it('keeps what is set at the same time, of several values for one key the last', async () => {
  const store = createAdapterStore(db, 'burst');
  await Promise.all(Array.from({ length: 50 }, (_, index) => store.set(`key ${index % 40}`, index)));
  expect(new Map(await store.list('key'))).toEqual(
    new Map(Array.from({ length: 40 }, (_, index) => [`key ${index}`, index < 10 ? index + 40 : index])),
  );
});
