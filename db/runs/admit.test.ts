import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { advisoryClass, advisoryKeys } from '../advisory.ts';
import { type Database, openDatabase } from '../database.ts';
import { addProject } from '../projects/projects.ts';
import { taskById } from '../tasks/queries.ts';
import { registerWorker } from '../workers/register.ts';
import { admitTasks } from './admit.ts';

const log = { info() {}, warn() {}, error() {} };
let database: TestDatabase;
let db: Database;
let projectId: string;

beforeEach(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
  projectId = (await addProject(db, { name: 'demo', kind: 'folder', location: '/nowhere' })).project.projectId;
});

afterEach(async () => {
  await db.close();
  await database.drop();
});

async function liveRuns(): Promise<number> {
  const rows = await db.kysely.selectFrom('runs').select('id').where('status', '<>', 'ended').execute();
  return rows.length;
}

it('admits a task with the commit that makes it', async () => {
  await registerWorker(db, { host: 'here', pid: 1, slots: 2, agents: [] });
  const { taskIds } = await askFor(db, { projectId, count: 3 });
  const tasks = await Promise.all(taskIds.map((id) => taskById(db, id)));
  expect(tasks.map((task) => task?.run?.status)).toEqual(['admitted', 'admitted', undefined]);
});

it('has slots for no more than that, however many people ask at once', async () => {
  await registerWorker(db, { host: 'here', pid: 1, slots: 3, agents: [] });
  const people = Array.from({ length: 12 }, (_, index) => `person ${index}`);
  await Promise.all(people.map((by) => askFor(db, { projectId, by })));
  await admitTasks(db);
  expect(await liveRuns()).toBe(3);
});

it('does its pass after whoever admits just now, who may have looked already', async () => {
  await registerWorker(db, { host: 'here', pid: 1, slots: 1, agents: [] });
  let pass: Promise<number> | undefined;
  await db.transaction(async (trx) => {
    await sql`select pg_advisory_xact_lock(${advisoryClass}, ${advisoryKeys.admission})`.execute(trx);
    await askFor(db, { projectId });
    pass = admitTasks(db);
    expect(await liveRuns()).toBe(0);
  });
  expect(await pass).toBe(1);
});
