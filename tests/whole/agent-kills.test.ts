import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubSettings, toldTo } from '#tests/stub-agent/stub-agent.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { killProcess, startWorkerProcess } from './worker-process.ts';

let commander: TestCommander;
let database: TestDatabase;
let folder: string;
let worker: ChildProcess;

beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'commander-agent-'));
  commander = await startCommander({ database, worker: 'elsewhere' });
});

afterEach(async () => {
  await killProcess(worker);
  await commander.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a worker process that finds the scripted agent in its settings, as every worker does. */
async function startWorker(script: Script, more: Parameters<typeof stubSettings>[2] = {}): Promise<void> {
  await mkdir(commander.home, { recursive: true });
  const settings = stubSettings(folder, script, { resume: true, ...more });
  await writeFile(join(commander.home, 'settings.yaml'), JSON.stringify(settings));
  worker = await startWorkerProcess({ home: commander.home, databaseUrl: database.url });
}

function says(key: string, words: string) {
  return (card: Card) => card.key.startsWith(key) && JSON.stringify([plainOf(card.title), card.blocks]).includes(words);
}

/** The agent's processes that are left: its sessions are named by them. */
function agentsLeft(): readonly number[] {
  const sessions = toldTo(folder).map(({ params }) => JSON.stringify(params));
  const pids = new Set(sessions.flatMap((text) => [...text.matchAll(/session-(\d+)-/g)].map(([, pid]) => Number(pid))));
  return [...pids].filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('stub-agent');
    } catch {
      return false;
    }
  });
}

const here: Step = { tool: { id: 'here', title: 'Here I am', kind: 'other' } };
const done: Step[] = [{ write: { path: 'done.txt', text: 'done' } }, { say: 'It is done.' }];
const asks: Step = {
  ask: {
    id: '1',
    title: 'Publish',
    kind: 'execute',
    rawInput: { command: 'npm publish' },
    allowed: done,
    rejected: [],
  },
};

async function endsWell(thread: string): Promise<void> {
  await commander.card(thread, says('report', 'It is done.'));
  const messages = await commander.thread(thread);
  const keys = messages.flatMap(({ card }) => card?.key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => key.startsWith('report:'))).toHaveLength(1);
  expect(toldTo(folder).filter(({ method }) => method === 'session/new')).toHaveLength(1);
  expect(toldTo(folder).filter(({ method }) => method === 'session/resume').length).toBeGreaterThan(0);
  expect(agentsLeft()).toEqual([]);
}

describe('kill -9 of the worker', () => {
  it('while its agent works: the session is taken up again by the next worker, and the thread says one thing once', async () => {
    await startWorker([[here, { hang: true }], done]);
    const thread = await commander.say('@commander mend the login');
    await commander.card(thread, says('status', 'Here I am'));
    await killProcess(worker);
    await startWorker([[here, { hang: true }], done]);
    await endsWell(thread);
  });

  it('while its agent waits for a person: the question stays open, and the answer is the one that counts', async () => {
    await startWorker([[asks], [asks]]);
    const thread = await commander.say('@commander mend the login');
    await commander.card(thread, says('approval', 'npm publish'));
    await killProcess(worker);
    expect(await commander.press(thread, 'Approve', 'bo')).toEqual({ kind: 'done' });
    await startWorker([[asks], [asks]]);
    await endsWell(thread);
    const keys = (await commander.thread(thread)).flatMap(({ card }) => card?.key ?? []);
    expect(keys.filter((key) => key.startsWith('approval:'))).toHaveLength(1);
  });

  it('just after a person decided: what was decided is not asked again', async () => {
    await startWorker([[{ ...asks, ask: { ...asks.ask, allowed: [here, { hang: true }] } }], [asks]]);
    const thread = await commander.say('@commander mend the login');
    await commander.card(thread, says('approval', 'npm publish'));
    await commander.press(thread, 'Approve', 'bo');
    await commander.card(thread, says('status', 'Here I am'));
    await killProcess(worker);
    await startWorker([[], done]);
    await endsWell(thread);
  });

  it('after its agent asked for another task: repeated, it is the same one', async () => {
    const request = 'cancel #1';
    const create: Step = { mcp: { server: 'commander', tool: 'create_task', arguments: { request } } };
    const list: Step = { mcp: { server: 'commander', tool: 'list_tasks', arguments: {} } };
    await startWorker([
      [create, here, { hang: true }],
      [create, { say: ' ' }, list, { say: ' It is done.' }],
    ]);
    const thread = await commander.say('@commander mend the login');
    const asked = await commander.card(thread, says('approval', 'another task'));
    expect(JSON.stringify(asked.blocks)).toContain(request);
    expect(await commander.press(thread, 'Approve', 'bo')).toEqual({ kind: 'done' });
    await commander.card(thread, says('status', 'Here I am'));
    await killProcess(worker);
    await startWorker([
      [create, here, { hang: true }],
      [create, { say: ' ' }, list, { say: ' It is done.' }],
    ]);
    const report = await commander.card(thread, says('report', 'It was taken up before'));
    expect(JSON.stringify(report.blocks)).toContain('#2');
    const made = await commander.card(thread, says('understanding', 'An agent asked for this while it worked on #1'));
    expect(made.key).toContain('understanding');
    const tasks = await commander.db.kysely
      .selectFrom('tasks')
      .select(['number', 'status'])
      .orderBy('number')
      .execute();
    expect(tasks).toHaveLength(2);
    expect(tasks[0]?.status).toBe('completed');
  });
});
