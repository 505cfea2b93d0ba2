import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nothingSpent } from '#core/agents/budget.ts';
import { plannedStep } from '#core/task/testing.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { type Database, openDatabase } from '../database.ts';
import { addProject } from '../projects/projects.ts';
import { admitTasks } from '../runs/admit.ts';
import { claimRun } from '../runs/claim.ts';
import { commandTask } from '../tasks/change-task.ts';
import { taskById } from '../tasks/queries.ts';
import { registerWorker } from '../workers/register.ts';
import { spentToday } from './usage.ts';

const log = { info() {}, warn() {}, error() {} };
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A task whose agent reports what it has used so far, each number on top of the one before. */
async function use(projectId: string, by: string, costs: readonly number[]): Promise<string> {
  const agent = { id: 'stub', name: 'Stub', prompt: 'x' };
  const { taskIds } = await askFor(db, { projectId, by, task: { steps: [plannedStep('s1', { agent })] } });
  const id = taskIds[0] ?? '';
  await admitTasks(db);
  const runId = (await taskById(db, id))?.run?.id ?? '';
  const worker = await db.kysely.selectFrom('workers').select('id').executeTakeFirstOrThrow();
  await claimRun(db, { runId, taskId: id }, { id: worker.id, name: 'w' });
  await commandTask(db, id, { type: 'report', runId, report: { type: 'step-started', stepId: 's1' } });
  for (const cost of costs) {
    const change = { spent: { turns: 1, timeMs: 1000, tokens: 10, cost, currency: 'USD' } };
    await commandTask(db, id, { type: 'report', runId, report: { type: 'agent', stepId: 's1', change } });
  }
  return id;
}

it('what agents use adds up for a day, by person and by project, each thing once', async () => {
  const project = async (name: string) =>
    (await addProject(db, { name, kind: 'folder', location: `/nowhere/${name}` })).project.projectId;
  const [one, two] = [await project('one'), await project('two')];
  await registerWorker(db, { host: 'here', pid: 1, slots: 10, agents: [] });
  await use(one, 'ana', [1, 1.5, 1.5]);
  await use(two, 'ana', [4]);
  const id = await use(one, 'bo', [0.25]);
  const task = await taskById(db, id);
  if (task === undefined) throw new Error('no such task');
  const spent = await db.kysely.transaction().execute((trx) => spentToday(trx, task));
  expect(spent.person).toMatchObject({ turns: 1, tokens: 10, cost: 0.25 });
  expect(spent.project).toMatchObject({ turns: 2, timeMs: 2000, tokens: 20, cost: 1.75 });
  await sql`update agent_usage set day = day - 1`.execute(db.kysely);
  const tomorrow = await db.kysely.transaction().execute((trx) => spentToday(trx, task));
  expect(tomorrow.person).toEqual(nothingSpent);
});
