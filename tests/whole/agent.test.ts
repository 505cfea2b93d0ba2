import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

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
  const long = {
    id: '1',
    title: 'Deploy',
    kind: 'execute',
    rawInput: { command: 'deploy --force' },
    allowed: [{ say: 'Deployed.' }],
    rejected: [{ say: 'Left it.' }],
  } as const;
  const second = { ...stubAgent(join(folder, 'second'), [[{ ask: long }]]), id: 'long', name: 'Long' };
  commander = await startCommander({ database: await testDatabase(), agents: [agent, second] });
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

const matchedIn = /In the last 30 days it would have answered (\d+) requests?/;

/** What the form says before a rule is made. */
async function alwaysForm(thread: string): Promise<string> {
  const shown = await commander.press(thread, 'Always allow here');
  return shown.kind === 'modal' ? shown.modal.intro.join('\n') : '';
}

describe('what no runbook does', () => {
  it('an agent does: understood, asked for, reported with its own words, delivered', async () => {
    const thread = await commander.say('@commander fix the flaky login test in strawberry-api');
    const understood = await commander.card(thread, says('understanding', 'Understood'));
    expect(words(understood)).toContain('Stub works on this in strawberry-api');
    expect(words(understood)).toContain('its worker has no sandbox');
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
    await expect.poll(parked).toBe(true);
    await commander.restartBot();
    const reply = await commander.submit(thread, 'Deny and say why…', { note: 'use what is there' });
    expect(reply).toEqual({ kind: 'done' });
    await commander.card(thread, says('report', 'Completed'));
    expect(toldTo(folder).map(({ method }) => method)).toContain('session/resume');
    expect(JSON.stringify(toldTo(folder))).toContain('use what is there');
  });

  it('is allowed by a rule that its button changes: it says what it would have matched, and asks where it shall hold', async () => {
    const asking = await commander.say('@commander please improve the login');
    await commander.card(asking, says('approval', 'Approval needed'));
    const before = await alwaysForm(asking);
    expect(before).toMatch(/left-pad/);
    const [, count = ''] = matchedIn.exec(before) ?? [];
    // What was asked longer ago than that counts no more.
    await sql`update approvals set asked_at = now() - interval '31 days' where status <> 'open'`.execute(
      commander.db.kysely,
    );
    expect(Number(count)).toBeGreaterThan(1);
    expect(await alwaysForm(asking)).toContain('it would have answered 1 request');
    expect(await commander.submit(asking, 'Always allow here', { days: '30', scope: 'project' })).toEqual({
      kind: 'done',
    });
    await commander.card(asking, says('report', 'Completed'));
    const thread = await commander.say('@commander rules');
    const list = await commander.card(thread, says('', 'Always allowed'));
    const [button] = list.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
    const label = button?.label ?? '';
    const shown = await commander.press(thread, label);
    if (shown.kind !== 'modal') throw new Error('no form opened');
    const intro = shown.modal.intro.join('\n');
    expect(intro).toMatch(/^“the command npm install left-pad.*” of agent:stub in strawberry-api is allowed without/);
    expect(intro).toMatch(
      /In the last 30 days it would have answered \d+ requests? \(\d+ approved.*\) in strawberry-api/,
    );
    expect(await commander.submit(thread, label, { days: '7', scope: 'person:nobody' })).toMatchObject({
      problems: { scope: 'Choose where the rule holds.' },
    });
    const scopes = shown.modal.fields.flatMap((each) => ('options' in each ? each.options : []));
    const scope = scopes.find((each) => each.label.startsWith('For what ana asks for'))?.value ?? '';
    expect(await commander.submit(thread, label, { days: '7', scope })).toEqual({ kind: 'done' });
    const after = await commander.say('@commander rules');
    expect(words(await commander.card(after, says('', 'Always allowed')))).toContain('for what ana asks for');
  });

  it('goes to the agent that somebody chose for the channel, and says so', async () => {
    const chosen = await commander.say('@commander use agent Long');
    await commander.card(chosen, (card) => plainOf(card.title).includes('Coding agent for this channel: Long'));
    const thread = await commander.say('@commander bring the docs up to date');
    const understood = await commander.card(thread, says('understanding', 'Understood'));
    expect(words(understood)).toMatch(/Long, because ana chose it for this channel, .* UTC/);
    await commander.card(thread, says('approval', 'Approval needed'));
    await commander.press(thread, 'Deny', 'bo');
    const other = await commander.say('@commander use agent default');
    await commander.card(other, (card) => plainOf(card.title).includes('nothing is chosen there any more'));
    const mine = await commander.say('@commander use agent Long for me');
    await commander.card(mine, (card) => plainOf(card.title).includes('Coding agent for ana: Long'));
    const own = await commander.say('@commander bring the docs up to date for me');
    const ownWords = words(await commander.card(own, says('understanding', 'Understood')));
    expect(ownWords).toMatch(/Long, because ana prefers it, .* UTC/);
    await commander.card(own, says('approval', 'Approval needed'));
    await commander.press(own, 'Deny', 'bo');
    const back = await commander.say('@commander use agent default for me');
    await commander.card(back, (card) => plainOf(card.title).includes('nothing is chosen there any more'));
    const next = await commander.say('@commander bring the docs up to date again');
    expect(words(await commander.card(next, says('understanding', 'Understood')))).toContain('Stub works on this');
  });

  it('goes to the agent that the project names, unless the request names another one', async () => {
    const place = join(commander.folder, 'site');
    await makeRepository(place, { 'commander.yaml': 'agent: long\n', 'a.txt': 'a\n' });
    await commander.card(await commander.say(`@commander add project ${place}`), says('', 'is a project now'));
    for (const [request, agent] of [
      ['mend the page in site', 'Long'],
      ['mend the page in site with stub', 'Stub'],
    ]) {
      const thread = await commander.say(`@commander ${request}`);
      const understood = await commander.card(thread, says('understanding', 'Understood'));
      expect(words(understood)).toContain(`${agent} works on this in site`);
    }
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
