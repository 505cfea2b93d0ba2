import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { type Database, openDatabase } from '../database.ts';
import { addProject } from '../projects/projects.ts';
import { registerWorker } from '../workers/register.ts';
import { commandTask } from './change-task.ts';
import { estimateOf } from './estimate.ts';
import { taskById } from './queries.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  const log = { info() {}, warn() {}, error() {} };
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
  await registerWorker(db, { host: 'here', pid: 1, slots: 100, agents: [] });
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

async function project(name: string): Promise<string> {
  return (await addProject(db, { name, kind: 'folder', location: `/nowhere/${name}` })).project.projectId;
}

/** A task that ends after its run held it for some seconds. */
async function tookSeconds(
  seconds: number,
  projectId: string,
  runbook: string,
  ends: 'finished' | 'failed',
): Promise<void> {
  const { taskIds } = await askFor(db, { projectId, task: { runbook: { id: runbook, name: runbook } } });
  const [id = ''] = taskIds;
  const runId = (await taskById(db, id))?.run?.id ?? '';
  const report = (said: Parameters<typeof commandTask>[2]) => commandTask(db, id, said);
  await report({ type: 'claim', runId, worker: 'w' });
  await report({ type: 'report', runId, report: { type: 'step-started', stepId: 's1' } });
  await report({ type: 'report', runId, report: { type: 'step-finished', stepId: 's1' } });
  const end = ends === 'finished' ? ({ type: ends } as const) : ({ type: ends, reason: 'over' } as const);
  await report({ type: 'report', runId, report: { type: 'verified', commit: 'c', checks: [] } });
  await report({ type: 'report', runId, report: end });
  await sql`update runs set claimed_at = admitted_at, ended_at = admitted_at + make_interval(secs => ${seconds}) where id = ${runId}`.execute(
    db.kysely,
  );
}

async function estimate(projectId: string, runbook: string): Promise<number | undefined> {
  const { taskIds } = await askFor(db, { projectId, task: { runbook: { id: runbook, name: runbook } } });
  const state = await taskById(db, taskIds[0] ?? '');
  return state === undefined ? undefined : estimateOf(db, state);
}

it('is the median of earlier completed runs of the same runbook in the same project, once there are three', async () => {
  const [here, elsewhere] = [await project('here'), await project('elsewhere')];
  await tookSeconds(100, here, 'test', 'finished');
  await tookSeconds(140, here, 'test', 'finished');
  await tookSeconds(1, here, 'test', 'failed');
  await tookSeconds(2, here, 'report', 'finished');
  await tookSeconds(3, elsewhere, 'test', 'finished');
  expect(await estimate(here, 'test')).toBeUndefined();
  await tookSeconds(1000, here, 'test', 'finished');
  expect(await estimate(here, 'test')).toBe(140_000);
  expect(await estimate(elsewhere, 'test')).toBeUndefined();
});
