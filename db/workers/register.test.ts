import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { type Database, openDatabase } from '../database.ts';
import { addProject } from '../projects/projects.ts';
import { admitTasks } from '../runs/admit.ts';
import { claimRun, fetchRuns } from '../runs/claim.ts';
import { registerWorker } from './register.ts';

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

/** When a run's lease was renewed, in milliseconds since 1970. */
async function renewedAt(runId: string): Promise<number> {
  const { seen_at } = await db.kysely
    .selectFrom('runs')
    .select('seen_at')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  return Number(seen_at);
}

it('renews the other leases while one run is being written, and every connection is busy; what is not its own it does not hold', async () => {
  const { project } = await addProject(db, { name: 'demo', kind: 'folder', location: '/nowhere' });
  await askFor(db, { projectId: project.projectId, count: 2 });
  const worker = await registerWorker(db, { host: 'here', pid: 1, slots: 3, agents: [] });
  await admitTasks(db);
  const [locked, free] = await fetchRuns(db, 2);
  if (locked === undefined || free === undefined) throw new Error('two runs were admitted');
  for (const job of [locked, free]) await claimRun(db, job, worker);
  const before = { locked: await renewedAt(locked.runId), free: await renewedAt(free.runId) };

  const over = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const writing = db.kysely.transaction().execute(async (trx) => {
    await sql`update runs set seen_at = seen_at where id = ${locked.runId}`.execute(trx);
    written.resolve();
    await over.promise;
  });
  await written.promise;
  const busy = Array.from({ length: 10 }, () => db.kysely.connection().execute(() => over.promise));
  const stranger = '0190a000-0000-7000-8000-000000000000';
  const renewed = await worker.heartbeat([locked.runId, free.runId, stranger]);
  over.resolve();
  await Promise.all([writing, ...busy]);

  expect(new Set(renewed.ours)).toEqual(new Set([locked.runId, free.runId]));
  expect(await renewedAt(free.runId)).toBeGreaterThan(before.free);
  expect(await renewedAt(locked.runId)).toBe(before.locked);
});
