import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { repositoryPlace } from '#core/run/places.ts';
import type { TaskState } from '#core/task/state.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { holdAt } from './hold.ts';
import { gitIn, makeRepository } from './projects.ts';
import { killProcess, startWorkerProcess } from './worker-process.ts';

let commander: TestCommander;
let database: TestDatabase;
/** The one that runs: the next test goes on with the worker that took over in the last one. */
let worker: ChildProcess;

beforeAll(async () => {
  database = await testDatabase();
  commander = await startCommander({ database, worker: 'elsewhere' });
  const step = (id: string) =>
    `{ name: ${id}, run: 'echo ${id} >> LINES; echo out > "$COMMANDER_OUTPUTS/${id}.txt"', approve: false, reversible: true, retry: { limit: 0 } }`;
  await addProject(
    'fault',
    `  twice: { summary: Two steps, steps: [${step('one')}, ${step('two')}], verify: ['test -f LINES'] }`,
  );
  await startWorker();
});

afterAll(async () => {
  if (worker !== undefined) await killProcess(worker);
  await commander?.stop();
});

async function startWorker(): Promise<void> {
  worker = await startWorkerProcess({ home: commander.home, databaseUrl: database.url });
}

async function addProject(name: string, runbooks: string): Promise<void> {
  const folder = await makeRepository(join(commander.folder, name), { 'commander.yaml': `runbooks:\n${runbooks}\n` });
  const added = await commander.say(`@commander add project ${folder}`);
  await commander.card(added, ({ title }) => plainOf(title).includes('is a project now'));
}

/** What must hold at the end, whatever died in between. */
async function expectOnce(thread: string): Promise<TaskState> {
  const messages = await commander.threadThat(thread, (all) => all.some(({ card }) => card?.key.startsWith('report')));
  const keys = messages.flatMap(({ card }) => card?.key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  const row = await commander.db.kysely
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .select(['tasks.id', 'state'])
    .where('thread', '=', thread)
    .executeTakeFirstOrThrow();
  const { state } = row;
  expect(state.status).toBe('completed');
  const repository = join(commander.home, repositoryPlace(state.project.id));
  expect(gitIn(repository, 'show', `${state.workspace?.head}:LINES`)).toBe('one\ntwo');
  expect(state.outputs.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(['one.txt 1', 'two.txt 1']);
  expect(state.checkpoints.map(({ name }) => name)).toEqual(['Start', 'one', 'two']);
  const events = await commander.db.kysely.selectFrom('events').select('type').where('task_id', '=', row.id).execute();
  const count = (type: string) => events.filter((event) => event.type === type).length;
  expect([count('step.finished'), count('task.completed'), count('task.received')]).toEqual([2, 1, 1]);
  return state;
}

describe('a worker that is killed before it commits', () => {
  it.each([
    'run.claimed',
    'workspace.ready',
    'checkpoint.made',
    'step.started',
    'output.published',
    'step.finished',
    'verification.finished',
    'task.completed',
  ])('%s: the task is done once all the same', async (type) => {
    const hold = await holdAt(database.url, { table: 'commander.events', on: 'insert', when: `new.type = '${type}'` });
    const thread = await commander.say(`@commander twice in fault`);
    await hold.reached();
    await killProcess(worker);
    await hold.release();
    await startWorker();
    await expectOnce(thread);
  });
});

describe('a database that goes away in the middle of a run', () => {
  it('costs every connection at once, and nothing else', async () => {
    const hold = await holdAt(database.url, {
      table: 'commander.events',
      on: 'insert',
      when: "new.type = 'step.finished'",
    });
    const thread = await commander.say(`@commander twice in fault`);
    await hold.reached();
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> ''`.execute(
      commander.db.kysely,
    );
    await hold.release();
    await expectOnce(thread);
  });
});

describe('a worker that is killed in the middle of a step that is not safe to repeat', () => {
  it.each([
    ['Run it again', 'again', 'one\none\ntwo'],
    ['It was done: go on', 'done', 'one\ntwo'],
  ])('has a person asked, and nothing runs before the answer: %s', async (label, name, lines) => {
    const log = join(commander.folder, `${name}.log`);
    const hold = `test "$(grep -c one ${log})" = 1 && exec sleep 600 || true`;
    await addProject(
      name,
      `  send:
    summary: Sends something
    steps:
      - { name: Send, run: 'echo one >> ${log}; echo begun; ${hold}', safe_to_repeat: false }
      - { name: After, run: 'echo two >> ${log}' }`,
    );
    const thread = await commander.say(`@commander send in ${name}`);
    await commander.card(
      thread,
      (card) => card.key.startsWith('status') && JSON.stringify(card.blocks).includes('"begun"'),
    );
    await killProcess(worker);
    const asked = await commander.card(thread, ({ key }) => key.startsWith('question:'));
    expect(JSON.stringify(asked)).toContain('“Send”');
    await startWorker();
    expect(await commander.press(thread, label)).toEqual({ kind: 'done' });
    await commander.card(thread, ({ key, title }) => key.startsWith('report') && plainOf(title).includes('Completed'));
    expect((await readFile(log, 'utf8')).trim()).toBe(lines);
  });
});
