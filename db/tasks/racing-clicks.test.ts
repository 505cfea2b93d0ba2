import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { plannedStep } from '#core/task/testing.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { type Database, openDatabase } from '../database.ts';
import { ensureMember } from '../intake/inbox.ts';
import { addProject } from '../projects/projects.ts';
import { changeRule, type RuleChange, versionOf } from '../rules/change-rule.ts';
import { listRules, makeRule, revokeRule } from '../rules/rules.ts';
import { admitTasks } from '../runs/admit.ts';
import { claimRun } from '../runs/claim.ts';
import { registerWorker } from '../workers/register.ts';
import { type Actor, commandTask } from './change-task.ts';
import { taskById } from './queries.ts';

/** Approvals that people race for; more of them where somebody has the time. */
const approvals = Number(process.env.RACED_APPROVALS ?? 20);
const clicksEach = 2;

const log = { info() {}, warn() {}, error() {} };
let database: TestDatabase;
let db: Database;
let projectId: string;
let people: readonly Actor[];

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
  projectId = (await addProject(db, { name: 'demo', kind: 'folder', location: '/nowhere' })).project.projectId;
  await registerWorker(db, { host: 'here', pid: 1, slots: 1000, agents: [] });
  people = await Promise.all(
    ['ana', 'bo', 'cy', 'di', 'ed'].map((name) => ensureMember(db.kysely, 'web', { externalId: name, name }, 'admin')),
  );
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

const request = { stepId: 's1', reason: 'why', shown: 'x', hash: 'h', ruleHash: 'rule' } as const;

/** A task of ana's that waits for approval; its id and the approval's. */
async function asked(deciders: { people: number; notRequester: boolean }): Promise<{ id: string; approvalId: string }> {
  const steps = [plannedStep('s1', { approve: 'why' })];
  const { taskIds } = await askFor(db, { projectId, by: 'ana', task: { steps } });
  const id = taskIds[0] ?? '';
  const before = await taskById(db, id);
  if (before === undefined) throw new Error('no such task');
  const understanding = JSON.stringify({ ...before, understanding: { ...before.understanding, deciders } });
  await db.kysely.updateTable('tasks').set({ state: understanding }).where('id', '=', id).execute();
  await admitTasks(db);
  const runId = (await taskById(db, id))?.run?.id ?? '';
  const worker = await db.kysely.selectFrom('workers').select('id').executeTakeFirstOrThrow();
  await claimRun(db, { runId, taskId: id }, { id: worker.id, name: 'w' });
  await commandTask(db, id, { type: 'report', runId, report: { type: 'needs-approval', ...request } });
  return { id, approvalId: (await taskById(db, id))?.approvals[0]?.id ?? '' };
}

describe('people who click at the same time', () => {
  it.each([
    { people: 1, notRequester: false },
    { people: 2, notRequester: true },
    { people: 3, notRequester: true },
  ])(
    'decide once, by enough of the right people: %j',
    async (deciders) => {
      for (let round = 0; round < approvals; round += 1) {
        const { id, approvalId } = await asked(deciders);
        const clicks = people.flatMap((actor) => Array.from({ length: clicksEach }, () => actor));
        const type = round % 4 === 3 ? 'deny' : 'approve';
        const outcomes = await Promise.all(clicks.map((actor) => commandTask(db, id, { type, approvalId }, { actor })));
        const task = await taskById(db, id);
        const approval = task?.approvals[0];
        const events = await db.kysely.selectFrom('events').select('body').where('task_id', '=', id).execute();
        const decided = events.filter(({ body }) => 'type' in body && body.type === 'approval.decided');
        expect(decided).toHaveLength(1);
        const yes = [...(approval?.votes ?? []).map(({ by }) => by.memberId), approval?.decidedBy?.memberId];
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(type === 'deny' ? 1 : deciders.people);
        if (type === 'deny') continue;
        expect(new Set(yes).size).toBe(deciders.people);
        if (deciders.notRequester) expect(yes).not.toContain(task?.requester.memberId);
        const refusals = outcomes.flatMap((each) => (each.ok ? [] : [each.refusal]));
        for (const { code, message } of refusals) expect(['already_decided', 'not_allowed'], message).toContain(code);
      }
    },
    120_000,
  );
});

describe('a standing rule', () => {
  afterEach(async () => {
    for (const { id } of await listRules(db, 'commander')) await revoke(id, people[0]);
  });

  const anybody = { people: 1, notRequester: false };
  async function made(more: object): Promise<string> {
    const rule = { projectId, runbook: 'demo', words: 'x', ruleHash: 'rule', madeBy: people[1]?.memberId ?? '' };
    const fromTaskId = (await asked(anybody)).id;
    return db.transaction((trx) => makeRule(trx, { ...rule, fromTaskId, days: 30, ...more }));
  }

  const change = (to: RuleChange) => db.transaction((trx) => changeRule(trx, to));
  const revoke = (id: string, by?: Actor) => db.transaction((trx) => revokeRule(trx, id, by?.memberId ?? ''));

  async function statusOf(deciders = anybody): Promise<string | undefined> {
    const { id } = await asked(deciders);
    return (await taskById(db, id))?.approvals[0]?.status;
  }

  it('is changed only as it was shown, whatever two people press', async () => {
    const ruleId = await made({ taskId: (await asked(anybody)).id });
    const [rule] = await listRules(db, 'commander');
    if (rule === undefined) throw new Error('there is no rule');
    expect(await statusOf()).toBe('open');
    const wider = { ruleId, days: 7, where: {}, shown: versionOf(rule), memberId: people[2]?.memberId ?? '' };
    const both = await Promise.all([change(wider), change({ ...wider, days: 90 })]);
    expect(both.toSorted()).toEqual(['changed', 'changed-since']);
    expect(await statusOf()).toBe('approved');
  });

  it('is of who changed it: it does not approve what he asked for, where others have to', async () => {
    const others = { people: 1, notRequester: true };
    const ruleId = await made({});
    expect(await statusOf(others)).toBe('approved');
    const { requester } = (await asked(others).then(({ id }) => taskById(db, id))) ?? {};
    expect(await change({ ruleId, days: 90, memberId: requester?.memberId ?? '' })).toBe('changed');
    expect(await statusOf(others)).toBe('open');
  });

  it('ends by itself after its days: what it allowed is asked again, and it is in no list', async () => {
    const id = await made({ days: 7 });
    expect(await statusOf()).toBe('approved');
    const { rows } = await sql<{ days: number }>`
      select extract(day from expires_at - made_at)::int as days from rules where id = ${id}`.execute(db.kysely);
    expect(rows).toEqual([{ days: 7 }]);
    await sql`update rules set expires_at = now() - interval '1 second' where id = ${id}`.execute(db.kysely);
    expect(await statusOf()).toBe('open');
    expect(await listRules(db, 'commander')).toEqual([]);
  });

  it('counts from the moment that it is made to the moment that it is revoked', async () => {
    const { id } = await asked(anybody);
    expect((await taskById(db, id))?.approvals[0]?.status).toBe('open');
    const rule = await made({});
    expect(await statusOf()).toBe('approved');
    expect(await statusOf({ people: 2, notRequester: false })).toBe('open');
    const longer = { ruleId: rule, days: 7, memberId: people[2]?.memberId ?? '' };
    expect(await change(longer)).toBe('changed');
    expect(await revoke(rule, people[2])).toBe(true);
    expect(await statusOf()).toBe('open');
    expect(await revoke(rule, people[2])).toBe(false);
    expect(await change(longer)).toBe('ended');
    const audit = await db.kysely
      .selectFrom('audit')
      .select('deed')
      .where('subject', '=', rule)
      .orderBy('id')
      .execute();
    expect(audit.map(({ deed }) => deed)).toEqual(['rule.made', 'rule.changed', 'rule.revoked']);
  });

  it('of one task, or of what one person asks for, holds nowhere else', async () => {
    const { id } = await asked(anybody);
    const ofTask = await made({ taskId: id });
    expect(await statusOf()).toBe('open');
    await revoke(ofTask, people[1]);
    const ofBo = await made({ requesterId: people[1]?.memberId });
    expect(await statusOf()).toBe('open');
    const ofAna = await made({ requesterId: people[0]?.memberId });
    expect(await statusOf()).toBe('approved');
    for (const rule of [ofBo, ofAna]) await revoke(rule, people[1]);
  });
});
