import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';

let commander: TestCommander;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-agent-'));
  const publish = {
    id: '1',
    title: 'Publish',
    kind: 'execute',
    rawInput: { command: 'npm install left-pad' },
    allowed: [
      { write: { path: 'src/login.js', text: 'export const login = "mended";\n' } },
      { say: 'Mended the login.' },
    ],
    rejected: [{ say: 'Left it as it was.' }],
  } as const;
  const agent = stubAgent(
    folder,
    [[{ plan: [{ content: 'Look at the login', status: 'completed' }] }, { ask: publish }]],
    {
      resume: true,
      limits: { warm: '300ms' },
    },
  );
  commander = await startCommander({ database: await testDatabase(), agents: [agent] });
});

afterAll(async () => {
  await commander.stop();
  await rm(folder, { recursive: true, force: true });
});

function says(key: string, words: string) {
  return (card: Card) => card.key.startsWith(key) && plainOf(card.title).includes(words);
}

function words(card: Card): string {
  return JSON.stringify(card.blocks);
}

describe('what no runbook does', () => {
  it('an agent does: understood, asked for, reported with its own words, delivered', async () => {
    const thread = await commander.say('@commander fix the flaky login test in strawberry-api');
    const understood = await commander.card(thread, says('understanding', 'Understood'));
    expect(words(understood)).toContain('Stub works on this in strawberry-api');
    const asked = await commander.card(thread, says('approval', 'Approval needed'));
    expect(words(asked)).toContain('npm install left-pad');
    expect(await commander.press(thread, 'Approve', 'bo')).toEqual({ kind: 'done' });
    const report = await commander.card(thread, says('report', 'Completed'));
    expect(words(report)).toContain('Mended the login.');
    expect(words(report)).toContain('src/login.js');
    expect(await commander.press(thread, 'Deliver', 'bo')).toEqual({ kind: 'done' });
    await commander.card(thread, (card) => words(card).includes('Delivered'));
    const show = ['show', 'HEAD:src/login.js'];
    expect(execFileSync('git', show, { cwd: commander.demo, encoding: 'utf8' })).toContain('mended');
  });

  it('waits without a process for as long as nobody decides, and goes on with the decision', async () => {
    const thread = await commander.say('@commander make the login faster');
    await commander.card(thread, says('approval', 'Approval needed'));
    const parked = async () => {
      const rows = await commander.db.kysely.selectFrom('runs').select('id').where('status', '<>', 'ended').execute();
      return rows.length === 0;
    };
    await expect.poll(parked, { timeout: 10_000 }).toBe(true);
    await commander.restartBot();
    const reply = await commander.submit(thread, 'Deny and say why…', { note: 'use what is there' });
    expect(reply).toEqual({ kind: 'done' });
    await commander.card(thread, says('report', 'Completed'));
    expect(toldTo(folder).map(({ method }) => method)).toContain('session/resume');
    expect(JSON.stringify(toldTo(folder))).toContain('use what is there');
  });

  it('is allowed for good by a rule, which is said before it is made', async () => {
    const thread = await commander.say('@commander please improve the login');
    await commander.card(thread, says('approval', 'Approval needed'));
    expect(await commander.submit(thread, 'Always allow here', { days: '30' })).toEqual({ kind: 'done' });
    await commander.card(thread, says('report', 'Completed'));
    const next = await commander.say('@commander improve the login again');
    await commander.card(next, says('report', 'Completed'));
    const approvals = await commander.thread(next);
    expect(approvals.some(({ card }) => card !== undefined && words(card).includes('said always'))).toBe(true);
  });

  it('says so when an agent is named that is not there', async () => {
    const thread = await commander.say('@commander fix the login with codex');
    const card = await commander.card(thread, (each) => plainOf(each.title).includes('not installed'));
    expect(plainOf(card.title)).toContain('Codex');
  });

  it('still runs a runbook by its name', async () => {
    const thread = await commander.say('@commander run the tests');
    await commander.card(thread, says('report', 'Completed'));
    expect(words(await commander.card(thread, says('understanding', 'Understood')))).toContain('runbook');
  });
});
