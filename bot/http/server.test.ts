import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '#db/database.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { createAnswersFirst } from '../answers-first.ts';
import type { Application } from '../application.ts';
import { type HttpServer, startHttp } from './server.ts';

let test: TestDatabase;
let db: Database;
let server: HttpServer;
const log = pino({ level: 'silent' });

beforeAll(async () => {
  test = await testDatabase();
  db = await openDatabase({ url: test.url, application: 'health test', role: 'bot', log });
  server = await startHttp(application(), { port: 0, listen: '127.0.0.1', allowedHosts: [], lateMs: () => 7 });
});

afterAll(async () => {
  await server.stop();
  await test.drop();
});

const application = (): Application => ({
  db,
  home: '/nowhere',
  log,
  answersFirst: createAnswersFirst(),
  adapters: new Map(),
});

const asked = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return [response.status, await response.json()];
};

it('is healthy while it turns, and ready only while the database answers', async () => {
  expect(await asked('/readyz')).toEqual([200, { status: 'ready', lateMs: 7, platforms: {} }]);
  await db.close();
  expect(await asked('/readyz')).toEqual([503, { status: 'not ready', reason: expect.stringContaining('database') }]);
  expect(await asked('/healthz')).toEqual([200, { status: 'ok' }]);
});

it('says that a port is taken, and what to do', async () => {
  const second = startHttp(application(), {
    port: server.port,
    listen: '127.0.0.1',
    allowedHosts: [],
    lateMs: () => 7,
  });
  await expect(second).rejects.toMatchObject({ code: 'port_taken', message: expect.stringContaining('PORT') });
});
