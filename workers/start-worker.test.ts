import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { TaskState } from '#core/task/state.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { type EmbeddedServer, startEmbeddedServer } from '#db/embedded/server.ts';
import { newId } from '#db/id.ts';
import { admitTasks } from '#db/runs/admit.ts';
import { superviseRuns } from '#db/runs/supervise.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { askFor } from '#tests/tasks.ts';

const log = { info() {}, warn() {}, error() {} };
let base: string;
let home: string;
let source: string;
let server: EmbeddedServer;
let db: Database;
const workers = new Set<ChildProcess>();
const demo = { memberId: newId(), projectId: newId() };

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'commander-worker-'));
  // The database's own user must be able to pass.
  execFileSync('chmod', ['755', base]);
  home = join(base, 'home');
  source = join(base, 'project');
  await mkdir(source);
  await writeFile(join(source, 'README.md'), '# Demo\n');
  for (const line of ['init -q -b main', 'add .', '-c user.name=o -c user.email=o@example.org commit -q -m first']) {
    execFileSync('git', line.split(' '), { cwd: source });
  }
  const settings = { fsync: 'off', synchronous_commit: 'off' };
  server = await startEmbeddedServer({ dataDirectory: join(base, 'postgres'), settings });
  db = await openDatabase({ url: server.url, application: 'test', role: 'bot', log });
  await seed();
});

afterAll(async () => {
  await db?.close();
  await server?.stop();
  await rm(base, { recursive: true, force: true });
});

afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all([...workers].map(ended));
  workers.clear();
});

describe('a worker process', () => {
  it('takes a task from the queue to its end', async () => {
    await startWorker();
    const id = await ask([step('write', ['sh', '-c', 'echo hello > HELLO'])]);
    const task = await waitFor(id, (state) => state.status === 'completed');
    expect(task.changes?.files).toMatchObject([{ path: 'HELLO' }]);
    expect(await readdir(source)).not.toContain('HELLO');
  });

  it('ends its runs when it is told to stop; another worker goes on with them', async () => {
    const first = await startWorker();
    const id = await ask([
      step('once', ['sh', '-c', 'echo x >> ONCE']),
      step('long', ['sh', '-c', 'test -f "$HOME/second" || { touch "$HOME/second"; echo begun; exec sleep 600; }']),
    ]);
    await waitFor(id, hasOutput);
    first.kill('SIGTERM');
    expect(await ended(first)).toEqual([0, null]);
    expect(await stateOf(id)).toMatchObject({ status: 'queued', steps: [{ status: 'done' }, { status: 'pending' }] });
    await startWorker();
    const task = await waitFor(id, (state) => state.status === 'completed');
    expect(task.steps.map((each) => each.attempts)).toEqual([1, 2]);
  });

  it('that is killed in the middle of a step leaves no process, and its task goes on elsewhere', async () => {
    const first = await startWorker();
    const id = await ask([step('long', ['sh', '-c', 'setsid sleep 600 & echo begun; wait'])]);
    const { run } = await waitFor(id, hasOutput);
    first.kill('SIGKILL');
    await ended(first);
    await startWorker();
    const task = await waitFor(id, (state) => state.run?.id !== run?.id && state.steps[0]?.attempts === 2);
    expect(task.status).toBe('running');
    expect(await carriers(run?.id ?? '')).toEqual([]);
    await cancel(id);
    await waitFor(id, (state) => state.status === 'cancelled');
  });

  it('cancels within a moment, also what ignores the request', async () => {
    await startWorker();
    const id = await ask([step('stubborn', ['sh', '-c', 'echo begun; trap "" TERM; sleep 600 & wait; sleep 600'])]);
    const { run } = await waitFor(id, hasOutput);
    await cancel(id);
    await waitFor(id, (state) => state.status === 'cancelled');
    expect(await carriers(run?.id ?? '')).toEqual([]);
  });

  it('that loses its database connection stops its runs by itself, and comes back as somebody new', async () => {
    await startWorker();
    const id = await ask([step('long', ['sh', '-c', 'echo begun; exec sleep 600'])]);
    const { run } = await waitFor(id, hasOutput);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'commander worker listen'`.execute(db.kysely);
    const task = await waitFor(id, (state) => state.steps[0]?.attempts === 2);
    expect(task.run?.id).not.toBe(run?.id);
    expect(await carriers(run?.id ?? '')).toEqual([]);
    await cancel(id);
    await waitFor(id, (state) => state.status === 'cancelled');
  });

  it('that is told twice to stop waits for nobody', async () => {
    const worker = await startWorker();
    const id = await ask([step('stubborn', ['sh', '-c', 'trap "" TERM; echo begun; sleep 600 & wait; sleep 600'])]);
    const { run } = await waitFor(id, hasOutput);
    worker.kill('SIGTERM');
    await told(worker, 'stopping');
    worker.kill('SIGTERM');
    expect(await ended(worker)).toEqual([0, null]);
    expect(await carriers(run?.id ?? '')).toEqual([]);
    await waitFor(id, (state) => state.run?.id !== run?.id);
    await cancel(id);
  });

  it('goes when its parent goes', async () => {
    const worker = await startWorker();
    worker.disconnect();
    expect(await ended(worker)).toEqual([0, null]);
  });

  it('says what is wrong with its settings', async () => {
    const worker = fork(main, { env: { ...process.env, COMMANDER_HOME: 'relative' }, silent: true });
    workers.add(worker);
    const errors = worker.stderr?.toArray();
    await ended(worker);
    expect(Buffer.concat((await errors) ?? []).toString()).toContain('COMMANDER_HOME: must be an absolute path');
  });
});

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

async function startWorker(): Promise<ChildProcess> {
  const env = { PATH: process.env.PATH, COMMANDER_HOME: home, DATABASE_URL: server.url, WORKER_SLOTS: '2' };
  const worker = fork(main, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  workers.add(worker);
  worker.stdout?.resume();
  await once(worker, 'message');
  return worker;
}

/** Resolves when the worker has said something in its log. */
async function told(worker: ChildProcess, words: string): Promise<void> {
  for await (const chunk of worker.stdout ?? []) if (String(chunk).includes(words)) return;
}

async function ended(worker: ChildProcess): Promise<unknown[]> {
  if (worker.exitCode !== null || worker.signalCode !== null) return [worker.exitCode, worker.signalCode];
  return once(worker, 'exit');
}

async function seed(): Promise<void> {
  const { kysely } = db;
  const { memberId, projectId } = demo;
  await kysely
    .insertInto('members')
    .values({ id: memberId, platform: 'web', external_id: 'ana', name: 'ana', role: 'admin', first_role: 'admin' })
    .execute();
  await kysely
    .insertInto('projects')
    .values({ id: projectId, name: 'demo', kind: 'repository', location: source })
    .execute();
}

async function ask(steps: readonly PlannedStep[]): Promise<string> {
  const { taskIds } = await askFor(db, { projectId: demo.projectId, task: { steps } });
  const [taskId] = taskIds;
  if (taskId === undefined) throw new Error('no task was made');
  return taskId;
}

async function cancel(id: string): Promise<void> {
  const actor = { memberId: demo.memberId, name: 'ana', role: 'admin' } as const;
  await commandTask(db, id, { type: 'cancel' }, { actor });
}

/** Plays scheduler and supervisor until the task is as wanted. */
async function waitFor(id: string, fits: (state: TaskState) => boolean): Promise<TaskState> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const off = db.listener.on('commander_task', () => end());
      const timer = setTimeout(end, 100);
      function end(): void {
        clearTimeout(timer);
        off();
        resolve();
      }
    });
    await superviseRuns(db);
    await admitTasks(db);
    const state = await stateOf(id);
    if (fits(state)) return state;
    if (state.status === 'failed') throw new Error(state.failure);
    await changed;
  }
}

async function stateOf(id: string): Promise<TaskState> {
  const row = await db.kysely.selectFrom('tasks').select('state').where('id', '=', id).executeTakeFirstOrThrow();
  return row.state;
}

function hasOutput(state: TaskState): boolean {
  return state.actions.some((action) => action.code === 'begun');
}

/** Processes of a run that are still there. */
async function carriers(runId: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')));
  return pids.filter((_, index) => environments[index]?.includes(`COMMANDER_RUN=${runId}`));
}

function step(id: string, argv: readonly string[]): PlannedStep {
  return {
    id,
    name: id,
    argv,
    env: {},
    cwd: '.',
    timeoutMs: 600_000,
    retry: { limit: 0, backoffMs: 1000, on: [] },
    outputs: [],
    safeToRepeat: true,
    reversible: true,
    declaration: { name: id, argv, env: {}, cwd: '.' },
  };
}
