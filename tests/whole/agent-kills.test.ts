import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubSettings, toldTo } from '#tests/stub-agent/stub-agent.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { killProcess, startWorkerProcess } from './worker-process.ts';

let commander: TestCommander;
let database: TestDatabase;
/** The one that runs: the next test goes on with the worker that took over in the last one. */
let worker: ChildProcess;
/** What the agent keeps and was told. */
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  commander = await startCommander({ database, worker: 'elsewhere' });
  folder = join(commander.folder, 'agent');
  await mkdir(commander.home, { recursive: true });
  await plays([]);
  await startWorker();
});

beforeEach(async () => {
  await rm(join(folder, 'stub-state'), { recursive: true, force: true });
});

afterAll(async () => {
  await killProcess(worker);
  await commander.stop();
});

/** Starts a worker process, which finds the scripted agent in its settings, as every worker does. */
async function startWorker(): Promise<void> {
  worker = await startWorkerProcess({ home: commander.home, databaseUrl: database.url });
}

/** What the agent does from its next start on. */
async function plays(script: Script): Promise<void> {
  const settings = stubSettings(folder, script, { resume: true });
  await writeFile(join(commander.home, 'settings.yaml'), JSON.stringify(settings));
}

function says(key: string, words: string) {
  return (card: Card) => card.key.startsWith(key) && JSON.stringify([plainOf(card.title), card.blocks]).includes(words);
}

/** What is left running of the agent: its command line names its settings. */
function agentsLeft(): readonly string[] {
  const commandLines = readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  return commandLines.filter((line) => line.includes(join(folder, 'stub-agent.json')));
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

function tasks() {
  return commander.db.kysely.selectFrom('tasks').select(['number', 'status']).orderBy('number').execute();
}

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
    await plays([[here, { hang: true }], done]);
    const thread = await commander.say('@commander mend the login');
    await commander.card(thread, says('status', 'Here I am'));
    expect(agentsLeft()).not.toEqual([]);
    await killProcess(worker);
    await startWorker();
    await endsWell(thread);
  });

  it('while its agent waits for a person: the question stays open, and the answer is the one that counts', async () => {
    await plays([[asks], [asks]]);
    const thread = await commander.say('@commander mend the login');
    await commander.card(thread, says('approval', 'npm publish'));
    await killProcess(worker);
    expect(await commander.press(thread, 'Approve', 'bo')).toEqual({ kind: 'done' });
    await startWorker();
    await endsWell(thread);
    const keys = (await commander.thread(thread)).flatMap(({ card }) => card?.key ?? []);
    expect(keys.filter((key) => key.startsWith('approval:'))).toHaveLength(1);
  });

  it('just after a person decided: what was decided is not asked again', async () => {
    await plays([[{ ...asks, ask: { ...asks.ask, allowed: [here, { hang: true }] } }], [asks]]);
    const thread = await commander.say('@commander mend the login');
    await commander.card(thread, says('approval', 'npm publish'));
    await commander.press(thread, 'Approve', 'bo');
    await commander.card(thread, says('status', 'Here I am'));
    await killProcess(worker);
    await plays([[], done]);
    await startWorker();
    await endsWell(thread);
  });

  it('after its agent asked for another task: repeated, it is the same one', async () => {
    const [mine, theirs] = [(await tasks()).length + 1, (await tasks()).length + 2];
    const request = `cancel #${mine}`;
    const create: Step = { mcp: { server: 'commander', tool: 'create_task', arguments: { request } } };
    const list: Step = { mcp: { server: 'commander', tool: 'list_tasks', arguments: {} } };
    await plays([
      [create, here, { hang: true }],
      [create, { say: ' ' }, list, { say: ' It is done.' }],
    ]);
    const thread = await commander.say('@commander mend the login');
    const asked = await commander.card(thread, says('approval', 'another task'));
    expect(JSON.stringify(asked.blocks)).toContain(request);
    expect(await commander.press(thread, 'Approve', 'bo')).toEqual({ kind: 'done' });
    await commander.card(thread, says('status', 'Here I am'));
    await killProcess(worker);
    await startWorker();
    const report = await commander.card(thread, says('report', 'It was taken up before'));
    expect(JSON.stringify(report.blocks)).toContain(`#${theirs}`);
    const words = `An agent asked for this while it worked on #${mine}`;
    const made = await commander.card(thread, says('understanding', words));
    expect(made.key).toContain('understanding');
    expect((await tasks()).slice(mine - 1)).toEqual([
      { number: mine, status: 'completed' },
      { number: theirs, status: expect.any(String) },
    ]);
  });
});
