import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskState } from '#core/task/state.ts';
import { plainUnderstanding } from '#core/task/testing.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type Asking, askFor } from '#tests/tasks.ts';
import { type Database, openDatabase } from '../database.ts';
import { addProject, setConcurrency } from '../projects/projects.ts';
import { commandTask } from '../tasks/change-task.ts';
import { taskById } from '../tasks/queries.ts';
import { registerWorker } from '../workers/register.ts';
import { admitTasks } from './admit.ts';
import { frontOfQueue, placeInQueue } from './place-in-queue.ts';

const log = { info() {}, warn() {}, error() {} };
let database: TestDatabase;
let db: Database;

beforeEach(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
});

afterEach(async () => {
  await db.close();
  await database.drop();
});

async function project(name: string): Promise<string> {
  return (await addProject(db, { name, kind: 'folder', location: `/nowhere/${name}` })).project.projectId;
}

function workerWith(slots: number) {
  return registerWorker(db, { host: 'here', pid: 1, slots, agents: [] });
}

async function state(id: string | undefined): Promise<TaskState> {
  const found = await taskById(db, id ?? '');
  if (found === undefined) throw new Error('no such task');
  return found;
}

/** Which of these tasks have a run. */
async function started(ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.kysely.selectFrom('tasks').select('id').where('run_id', 'is not', null).execute();
  return ids.filter((id) => rows.some((row) => row.id === id));
}

async function end(id: string | undefined): Promise<void> {
  const { run } = await state(id);
  await commandTask(db, id ?? '', { type: 'claim', runId: run?.id ?? '', worker: 'w' });
  await commandTask(db, id ?? '', { type: 'report', runId: run?.id ?? '', report: { type: 'failed', reason: 'over' } });
}

const perMessage = 20;

/** More tasks than one pass looks at. */
async function burst(asking: Asking): Promise<readonly string[]> {
  const all: string[] = [];
  while (all.length <= 500) all.push(...(await askFor(db, { ...asking, count: perMessage })).taskIds);
  return all;
}

describe('one person’s burst', () => {
  it('keeps nobody waiting behind it: the other’s one task is among the next that start', async () => {
    const projectId = await project('demo');
    await workerWith(1);
    const hers = await burst({ projectId, by: 'ana' });
    const { taskIds: his } = await askFor(db, { projectId, by: 'bo' });
    expect(await started(hers)).toEqual([hers[0]]);
    expect(await placeInQueue(db, await state(his[0]))).toEqual({ ahead: 1, counted: 'exact', slots: 1, free: 0 });
    expect(await placeInQueue(db, await state(hers.at(-1)))).toEqual({ ahead: 99, counted: 'more', slots: 1, free: 0 });
    await end(hers[0]);
    await admitTasks(db);
    await end((await started(hers))[0]);
    await admitTasks(db);
    expect(await started(his)).toEqual(his);
  });

  it('takes no more slots than one person may have, though it is more urgent; the queue says who holds it', async () => {
    const projectId = await project('demo');
    const limits = { perPerson: 3 };
    await workerWith(10);
    const hers = await burst({ projectId, limits, by: 'ana', task: { priority: 0 } });
    expect(await started(hers)).toHaveLength(3);
    const { taskIds: his } = await askFor(db, { projectId, limits, by: 'bo', task: { priority: 100 } });
    expect(await started(his)).toEqual(his);
    expect(await admitTasks(db, limits)).toBe(0);
    expect(await placeInQueue(db, await state(hers[4]), limits)).toEqual({
      ahead: 1,
      counted: 'exact',
      slots: 10,
      free: 6,
      held: { by: 'person', running: 3 },
    });
    await end(hers[0]);
    expect(await admitTasks(db, limits)).toBe(1);
    expect(await started(hers)).toHaveLength(3);
  });
});

describe('a project', () => {
  it.each([
    [2, undefined, 2],
    [5, 2, 2],
    [2, 5, 2],
    [undefined, 1, 1],
  ])('may have %s runs by the settings and %s by its own file: %i start', async (perProject, own, count) => {
    const limits = { perProject };
    const [full, other] = [await project('full'), await project('other')];
    await setConcurrency(db, full, own);
    await workerWith(10);
    const { taskIds } = await askFor(db, { projectId: full, limits, count: 4 });
    expect(await started(taskIds)).toHaveLength(count);
    expect(await placeInQueue(db, await state(taskIds[3]), limits)).toMatchObject({
      ahead: 3 - count,
      held: { by: 'project', running: count },
    });
    const elsewhere = await askFor(db, { projectId: other, limits });
    expect(await started(elsewhere.taskIds)).toHaveLength(1);
  });
});

it('a runbook has no more runs in a project than it says, and keeps no other work waiting, however many wait for it', async () => {
  const [projectId, other] = [await project('demo'), await project('other')];
  await workerWith(10);
  const task = { priority: 0, understanding: { ...plainUnderstanding, concurrency: 2 } };
  const limited = await burst({ projectId, task });
  expect(await started(limited)).toEqual(limited.slice(0, 2));
  expect(await placeInQueue(db, await state(limited[2]))).toMatchObject({ held: { by: 'runbook', running: 2 } });
  const { taskIds: elsewhere } = await askFor(db, { projectId: other, task });
  const { taskIds: another } = await askFor(db, { projectId, task: { runbook: { id: 'other', name: 'other' } } });
  expect(await started([...elsewhere, ...another])).toEqual([...elsewhere, ...another]);
  await end(limited[0]);
  expect(await admitTasks(db)).toBe(1);
});

it('a task that waits for nothing but a slot stands behind only those that could start before it', async () => {
  const projectId = await project('demo');
  const limits = { perPerson: 1 };
  await workerWith(2);
  await askFor(db, { projectId, limits, by: 'ana', count: 20, task: { priority: 0 } });
  await askFor(db, { projectId, limits, by: 'bo' });
  const { taskIds } = await askFor(db, { projectId, limits, by: 'cy', count: 2 });
  const front = await frontOfQueue(db, limits);
  for (const [id, place] of front) expect(await placeInQueue(db, await state(id), limits)).toEqual(place);
  expect(front.size).toBe(21);
  expect([...front.values()].filter(({ counted }) => counted === 'about')).toHaveLength(8);
  expect(await placeInQueue(db, await state(taskIds[1]), limits)).toEqual({
    ahead: 1,
    counted: 'exact',
    slots: 2,
    free: 0,
  });
});
