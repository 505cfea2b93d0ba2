import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { plainUnderstanding } from '#core/task/testing.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { advisoryClass, advisoryKeys } from '../advisory.ts';
import { type Database, openDatabase } from '../database.ts';
import { addProject, setConcurrency } from '../projects/projects.ts';
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

async function statuses(taskIds: readonly string[]): Promise<readonly (string | undefined)[]> {
  const tasks = await Promise.all(taskIds.map((id) => taskById(db, id)));
  return tasks.map((task) => task?.run?.status);
}

it('admits a task with the commit that makes it', async () => {
  await registerWorker(db, { host: 'here', pid: 1, slots: 2, agents: [] });
  const { taskIds } = await askFor(db, { projectId, count: 3 });
  expect(await statuses(taskIds)).toEqual(['admitted', 'admitted', undefined]);
});

it('lets a task that waits already start before one that is just being made', async () => {
  const { taskIds: first } = await askFor(db, { projectId, by: 'ana' });
  await registerWorker(db, { host: 'here', pid: 1, slots: 1, agents: [] });
  const { taskIds: second } = await askFor(db, { projectId, by: 'bo' });
  expect(await statuses([...first, ...second])).toEqual(['admitted', undefined]);
});

it('keeps a project to its limit and files to one task, also where nobody waits', async () => {
  await registerWorker(db, { host: 'here', pid: 1, slots: 9, agents: [] });
  const other = (await addProject(db, { name: 'other', kind: 'folder', location: '/else' })).project.projectId;
  await setConcurrency(db, projectId, 1);
  const asked = [await askFor(db, { projectId }), await askFor(db, { projectId })];
  expect(await statuses(asked.flatMap(({ taskIds }) => taskIds))).toEqual(['admitted', undefined]);
  await db.kysely.updateTable('tasks').set({ ready: null }).where('run_id', 'is', null).execute();
  const scoped = { projectId: other, task: { understanding: { ...plainUnderstanding, scope: ['src'] } } };
  const both = [await askFor(db, scoped), await askFor(db, scoped)].flatMap(({ taskIds }) => taskIds);
  expect(await statuses(both)).toEqual(['admitted', undefined]);
  expect((await taskById(db, both[1] ?? ''))?.because).toMatchObject({ waitingFor: 'lock' });
});

it('locks the folder of a pattern, so that no other scope in it is worked on meanwhile', async () => {
  await registerWorker(db, { host: 'here', pid: 1, slots: 9, agents: [] });
  const scoped = (...scope: string[]) =>
    askFor(db, { projectId, task: { understanding: { ...plainUnderstanding, scope } } });
  const asked = [
    await scoped('src/auth/*.ts'),
    await scoped('src/auth/a.ts'),
    await scoped('docs'),
    await scoped('*.md'),
  ];
  const ids = asked.flatMap(({ taskIds }) => taskIds);
  expect(await statuses(ids)).toEqual(['admitted', undefined, 'admitted', undefined]);
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
