import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { startWorker, type Worker } from '#workers/start-worker.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

let commander: TestCommander;
let worker: Worker | undefined;
let gate: string;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase(), worker: 'elsewhere' });
  gate = join(commander.folder, 'gate');
  const wait = `until [ -e '${gate}' ]; do sleep 0.05; done`;
  const plain = 'approve: false, reversible: true';
  const folder = await makeRepository(join(commander.folder, 'yard'), {
    'commander.yaml': `runbooks:
  hold:
    summary: Waits at the gate
    scope: [yard.txt]
    steps: [{ name: Wait, run: "${wait}", ${plain} }, { name: Walk, command: 'true', ${plain} }]
  stay:
    summary: Stays, whatever it is told
    steps: [{ name: Stay, run: "trap '' TERM; ${wait}", ${plain} }]
  walk: { summary: Walks, steps: [{ name: Walk, command: 'true', ${plain} }] }
  stumble:
    summary: Fails and is tried again
    steps: [{ name: Stumble, command: 'false', retry: { limit: 1, backoff: 1h, on: any }, ${plain} }]
  ask: { summary: Asks first, steps: [{ name: Leave, command: 'true', approve: it leaves the yard, reversible: true }] }
`,
  });
  const added = await commander.say(`@commander add project ${folder}`);
  await commander.card(added, ({ title }) => plainOf(title).includes('is a project now'));
});

afterAll(async () => {
  await worker?.stop();
  await commander?.stop();
});

/** Two slots; one agent is at the limit of its provider, the other uses more than it may. */
async function startWorkerWithAgents(): Promise<Worker> {
  const { db, home, folder } = commander;
  const limit = { code: -32603, message: 'Usage limit reached', data: { errorKind: 'usage_limit', retryAfter: 3600 } };
  const limited = stubAgent(join(folder, 'limited'), [[{ error: limit }]]);
  const usage = { used: 100, size: 1000, cost: 2 };
  const costly = stubAgent(join(folder, 'costly'), [[{ usage }, { waitForCancel: true }]], { limits: { cost: 1 } });
  const agents = [
    { ...limited, id: 'limited', name: 'Limited' },
    { ...costly, id: 'costly', name: 'Costly' },
  ];
  return startWorker({ db, home, slots: 2, agents, policy: [], log: pino({ level: 'silent' }) });
}

/** Resolves when the status card of the thread says this in its title, and this of why, of whom it waits for, and of what comes next. */
async function meets(thread: string, title: string, ...words: readonly string[]): Promise<Card> {
  return commander.card(thread, (card) => {
    const said = card.blocks.flatMap((block) => (block.kind === 'text' ? block.text : []));
    const text = plainOf(said);
    const isTimed = said.some((piece) => typeof piece !== 'string' && piece.kind === 'elapsed');
    const fits = plainOf(card.title).includes(title) && words.every((each) => text.includes(each));
    return card.key.startsWith('status:') && fits && isTimed;
  });
}

const numberOf = (card: Card) => Number(/#(\d+)/.exec(plainOf(card.title))?.[1]);

it('of every state that a person can meet, the card says why, since when, who is awaited, and what comes next', async () => {
  const first = await commander.say('@commander hold in yard');
  const queued = await meets(
    first,
    'Queued',
    'No worker is running',
    'when somebody starts a worker.',
    'Number 1 in the',
  );
  const number = numberOf(queued);
  worker = await startWorkerWithAgents();
  await meets(first, 'Running', 'Working on “Wait”', 'Next comes “Walk”.');

  const locked = await commander.say('@commander hold in yard');
  await meets(locked, `Waiting for #${number}`, 'which works on the same files', 'starts by itself as soon as');
  const dependent = await commander.say(`@commander walk in yard after #${number}`);
  await meets(dependent, `Waiting for #${number}`, `Waiting for #${number} to complete`, 'starts by itself as soon as');
  const second = await commander.say('@commander stay in yard');
  await meets(second, 'Running', 'Working on “Stay”', 'Next comes the report.');
  const behind = await commander.say('@commander walk in yard');
  await meets(behind, 'Queued', 'All 2 worker slots are busy', 'when its turn comes', 'in the queue');

  await commander.press(first, 'Pause');
  await meets(first, 'Pausing after this step', 'ana asked to pause. It pauses before the next step begins.');
  await commander.press(second, 'Cancel');
  await meets(second, 'Cancelling', 'ana asked to cancel. It ends as soon as what runs now is stopped.');
  await writeFile(gate, '');
  await meets(first, 'Paused', 'Paused', 'It goes on when somebody presses Resume.');
  await commander.card(behind, ({ key }) => key.startsWith('report'));

  await commander.press(first, 'Cancel');
  await meets(dependent, `somebody who retries #${number}`, `Blocked: #${number} did not complete`, 'cancel it.');
  await rm(gate);
  await commander.card(first, ({ key }) => key.startsWith('report'));
  await commander.press(first, 'Run again');
  await meets(dependent, `Waiting for #${number}`, `Waiting for #${number} to complete`);
  await commander.press(dependent, 'Pause');
  await meets(dependent, 'Paused', `Paused while it waited for #${number}`, `it waits for #${number} again`);
  await writeFile(gate, '');
  await commander.card(first, ({ key, outcome }) => key.startsWith('report:2') && outcome === 'completed');
  await commander.press(dependent, 'Resume');
  await commander.card(dependent, ({ key, title }) => key.startsWith('report') && plainOf(title).includes('Completed'));
});

it('and where it waits for a decision, an answer, another attempt or a provider, until when', async () => {
  const asks = await commander.say('@commander ask in yard');
  const fails = await commander.say('@commander stumble in yard');
  await meets(asks, 'Waiting for approval', '“Leave” needs approval: it leaves the yard', 'somebody who may approve.');
  await meets(fails, 'Waiting for the next attempt', '“Stumble” failed', 'Retry 1 of 1 starts by itself. Due');
  const limited = await commander.say('@commander mend the fence in yard with limited');
  const quota = await meets(limited, 'Waiting: quota until', 'Limited', 'It goes on by itself then, where it was. Due');
  expect(JSON.stringify(quota.blocks)).toContain('Go on with Costly');
  const costly = await commander.say('@commander mend the door in yard with costly');
  await meets(costly, 'Waiting for an answer', 'has used 2.00 USD', 'Shall it go on?', 'It waits for');
});
