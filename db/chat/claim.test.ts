import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type Database, openDatabase } from '../database.ts';
import { createClaim } from './claim.ts';

let database: TestDatabase;
let one: Database;
let other: Database;

const open = () =>
  openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });

beforeAll(async () => {
  database = await testDatabase();
  one = await open();
  other = await open();
});
afterAll(async () => {
  await one.close();
  await other.close();
  await database.drop();
});

it('is held by one process at a time, each thing for itself, until it is released', async () => {
  const [mine, theirs] = [createClaim(one, 'discord'), createClaim(other, 'discord')];
  const held = await mine('app', () => undefined);
  expect(await theirs('app', () => undefined)).toBeUndefined();
  expect(await theirs('another app', () => undefined)).toBeDefined();
  await held?.release();
  await held?.release();
  const next = await theirs('app', () => undefined);
  expect(next).toBeDefined();
  expect(await mine('app', () => undefined)).toBeUndefined();
  await next?.release();
});

it('is free as soon as the process that had it is gone, which says so there', async () => {
  const lost = Promise.withResolvers<void>();
  await createClaim(one, 'discord')('app', lost.resolve);
  const { rows } = await one.listener.query('select pg_backend_pid() as pid');
  await other.listener.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await lost.promise;
  expect(await createClaim(other, 'discord')('app', () => undefined)).toBeDefined();
});
