import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import { show } from '#core/show/task.ts';
import type { Question } from '#core/task/asked.ts';
import type { TaskState } from '#core/task/state.ts';
import { plainUnderstanding, plannedStep } from '#core/task/testing.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { ensureMember } from '#db/intake/inbox.ts';
import { changePreference } from '#db/preferences/preferences.ts';
import { addProject } from '#db/projects/projects.ts';
import { timerQueue } from '#db/queue.ts';
import { admitTasks } from '#db/runs/admit.ts';
import { claimRun } from '#db/runs/claim.ts';
import { type Actor, commandTask } from '#db/tasks/change-task.ts';
import { taskById } from '#db/tasks/queries.ts';
import type { Timer } from '#db/timers.ts';
import { registerWorker } from '#db/workers/register.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { untilFound } from '#tests/news.ts';
import { askFor } from '#tests/tasks.ts';
import { createAnswersFirst } from './answers-first.ts';
import type { Application } from './application.ts';
import { askedAlike } from './commands/inbox.ts';
import { startEngine } from './engine/engine.ts';
import { timerDue } from './engine/timer-due.ts';
import { press } from './interactions/press.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let db: Database;
let projectId: string;
let ana: Actor;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
  projectId = (await addProject(db, { name: 'demo', kind: 'folder', location: '/nowhere' })).project.projectId;
  await registerWorker(db, { host: 'here', pid: 1, slots: 1000, agents: [] });
  ana = await ensureMember(db.kysely, 'web', { externalId: 'ana', name: 'ana' }, 'admin');
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A task of ana's whose agent works; `answerWithin` may lie in the past. */
async function working(answerWithin: number, by = 'ana'): Promise<{ readonly taskId: string; readonly runId: string }> {
  const agent = { id: 'stub', name: 'Stub', prompt: 'fix it' };
  const steps = [plannedStep('s1', { agent, argv: [] })];
  const understanding = { ...plainUnderstanding, answerWithin };
  const { taskIds } = await askFor(db, { projectId, by, task: { steps, understanding } });
  const taskId = taskIds[0] ?? '';
  await admitTasks(db);
  const runId = (await taskById(db, taskId))?.run?.id ?? '';
  const worker = await db.kysely.selectFrom('workers').select('id').executeTakeFirstOrThrow();
  await claimRun(db, { runId, taskId }, { id: worker.id, name: 'w' });
  await commandTask(db, taskId, { type: 'report', runId, report: { type: 'step-started', stepId: 's1' } });
  return { taskId, runId };
}

/** One whose agent asked where to. */
async function asked(
  answerWithin: number,
  by = 'ana',
): Promise<{ readonly taskId: string; readonly questionId: string }> {
  const { taskId, runId } = await working(answerWithin, by);
  const questionId = crypto.randomUUID();
  const options = ['staging', 'production'].map((label) => ({ value: label, label }));
  const about = { stepId: 's1', text: 'Where to?', options, otherwise: 'staging' };
  await commandTask(db, taskId, {
    type: 'report',
    runId,
    report: { type: 'asks-question', askId: questionId, ...about },
  });
  return { taskId, questionId };
}

function application(): Application {
  return { db, home: '/nowhere', log, answersFirst: createAnswersFirst(), adapters: new Map() };
}

/** The task as soon as its question is as wanted. */
async function until(taskId: string, wanted: (question: Question) => boolean): Promise<TaskState> {
  return untilFound(db, async () => {
    const task = await taskById(db, taskId);
    const [question] = task?.questions ?? [];
    return question !== undefined && wanted(question) ? task : undefined;
  });
}

describe('the timers of questions', () => {
  it('outlive the process that set them: the next one takes the default, or gives time anew where it was long away', async () => {
    const [soon, longAgo] = [await asked(100), await asked(-3_600_000)];
    const engine = await startEngine(application());
    try {
      const over = await until(soon.taskId, ({ status }) => status === 'timed-out');
      expect(over).toMatchObject({ status: 'running', questions: [{ answer: 'staging' }] });
      const extended = await until(longAgo.taskId, ({ limit }) => limit?.extendedAt !== undefined);
      expect(extended).toMatchObject({ status: 'waiting', questions: [{ status: 'open' }] });
    } finally {
      await engine.stop();
    }
    const stored = await db.kysely
      .selectFrom('questions')
      .select(['status', 'answered_by', 'answer'])
      .where('id', '=', soon.questionId)
      .executeTakeFirst();
    expect(stored).toEqual({ status: 'timed-out', answered_by: null, answer: 'staging' });
  });

  it('race with answers: exactly one is recorded, and every other is told what came first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { taskId, questionId } = await asked(0);
      const timer = { kind: 'question', taskId, questionId } as const;
      const answer = { type: 'answer', questionId, answer: 'production' } as const;
      const answers = () => Array.from({ length: 3 }, () => commandTask(db, taskId, answer, { actor: ana }));
      const timers = () => Array.from({ length: 2 }, () => timerDue(application(), timer));
      const [outcomes] =
        round % 2 === 0
          ? await Promise.all([Promise.all(answers()), Promise.all(timers())])
          : (await Promise.all([Promise.all(timers()), Promise.all(answers())])).toReversed();
      const events = await db.kysely.selectFrom('events').select('type').where('task_id', '=', taskId).execute();
      const settled = events.filter(({ type }) => type === 'question.answered' || type === 'question.timed_out');
      expect(settled).toHaveLength(1);
      const won = (outcomes as readonly { readonly ok: boolean }[]).filter(({ ok }) => ok).length;
      expect(won).toBe(settled[0]?.type === 'question.answered' ? 1 : 0);
    }
  });
});

describe('one answer to all that ask the same', () => {
  const who = { thread: { platform: 'web', channel: 'c', thread: 't' }, sender: { externalId: 'ana', name: 'ana' } };
  const asks = { stepId: 's1', reason: 'it publishes', shown: 'npm publish', ruleHash: 'rule' } as const;

  async function approvalOf(shown: string, hash: string): Promise<string> {
    const { taskId, runId } = await working(3_600_000);
    await commandTask(db, taskId, {
      ...{ type: 'report', runId },
      report: {
        ...asks,
        shown,
        hash,
        type: 'asks-permission',
        askId: crypto.randomUUID(),
        title: 'p',
        permission: { risk: 'low' },
      },
    });
    return (await taskById(db, taskId))?.approvals[0]?.id ?? '';
  }

  it('is recorded for each of them, bound to its own hash, and for nobody who asked since', async () => {
    const viewer = { as: 'member', memberId: randomUUID(), role: 'admin' } as const;
    const [one, two, other] = [await approvalOf('x', 'h1'), await approvalOf('x', 'h2'), await approvalOf('y', 'h3')];
    const before = await askedAlike(application(), one, viewer);
    expect(before?.all.map(({ id }) => id)).toEqual([one, two]);
    expect(await askedAlike(application(), other, viewer)).toBeUndefined();
    const three = await approvalOf('x', 'h4');
    const button = (digest = '') => ({ ...who, action: `together:${one}:0-${digest}` });
    expect(await press(application(), button(before?.digest))).toMatchObject({ kind: 'notice', tone: 'warning' });
    const now = await askedAlike(application(), one, viewer);
    expect(await press(application(), button(now?.digest))).toMatchObject({ tone: 'success' });
    const stored = await db.kysely.selectFrom('approvals').select(['id', 'hash', 'status', 'decided_by']).execute();
    const by = { status: 'approved', decided_by: ana.memberId };
    expect(stored).toEqual(
      expect.arrayContaining([
        { id: one, hash: 'h1', ...by },
        { id: two, hash: 'h2', ...by },
        { id: three, hash: 'h4', ...by },
        { id: other, hash: 'h3', status: 'open', decided_by: null },
      ]),
    );
  });
});

describe('what is open', () => {
  it('is brought to mind once however often its timer comes, and not where that is switched off', async () => {
    // Somebody who was reminded of nothing before: the timers above may have reminded ana, who is left in peace then.
    const cleo = await ensureMember(db.kysely, 'web', { externalId: 'cleo', name: 'cleo' }, 'admin');
    const early = await asked(600_000, 'cleo');
    await timerDue(application(), { kind: 'remind', taskId: early.taskId, askedId: early.questionId });
    expect((await taskById(db, early.taskId))?.questions[0]?.reminders).toBeUndefined();
    const soon = await asked(600_000, 'cleo');
    await backdate(soon.taskId, 500_000);
    const timer = { kind: 'remind', taskId: soon.taskId, askedId: soon.questionId } as const;
    const { memberId } = cleo;
    const about = { holder: { kind: 'person', memberId }, name: 'reminders', memberId } as const;
    const remindCleo = (value?: string) => db.transaction((trx) => changePreference(trx, { ...about, value }));
    await remindCleo('off');
    await timerDue(application(), timer);
    expect((await taskById(db, soon.taskId))?.questions[0]?.reminders).toBeUndefined();
    await remindCleo();
    await Promise.all([timerDue(application(), timer), timerDue(application(), timer)]);
    expect((await taskById(db, soon.taskId))?.questions[0]?.reminders).toMatchObject({ count: 1 });
    const cards = show((await taskById(db, soon.taskId)) as TaskState).filter(({ key }) => key.startsWith('reminder:'));
    expect(cards.map(({ key }) => key)).toEqual([`reminder:${soon.questionId}:1`]);
  });
});

describe('what waits for one person in several threads', () => {
  const reminder = async (taskId: string) =>
    show((await taskById(db, taskId)) as TaskState).filter(({ key }) => key.startsWith('reminder:'));

  it('is one reminder, in the thread of what ends first, whichever process is first; nobody is pinged who may not decide', async () => {
    const bo = await ensureMember(db.kysely, 'web', { externalId: 'bo', name: 'bo' }, 'admin');
    const [first, second] = [await asked(600_000, 'bo'), await asked(3_600_000, 'bo')];
    const approval = await working(3_600_000, 'bo');
    const askId = crypto.randomUUID();
    const permission = {
      ...{ reason: 'it publishes', shown: 'x', ruleHash: 'r', hash: 'h' },
      permission: { risk: 'low' },
    } as const;
    const report = { type: 'asks-permission', askId, title: 'Publish', stepId: 's1', ...permission } as const;
    await commandTask(db, approval.taskId, { type: 'report', runId: approval.runId, report });
    await db.kysely.updateTable('members').set({ role: 'requester' }).where('id', '=', bo.memberId).execute();
    await backdate(first.taskId, 500_000);
    await backdate(second.taskId, 3_400_000);
    const [one, other] = [application(), application()];
    const timers = [first, second].map(
      ({ taskId, questionId }) => ({ kind: 'remind', taskId, askedId: questionId }) as const,
    );
    await Promise.all([one, other].flatMap((each) => timers.map((timer) => timerDue(each, timer))));
    const [card] = await reminder(first.taskId);
    const numbers = await Promise.all([first, second].map(async ({ taskId }) => (await taskById(db, taskId))?.number));
    const words = plainLines(card as Card).join('\n');
    expect(words).toMatch(/bo: “Where to\?” waits since/);
    expect(words).toMatch(/1 other thing waited for bo at/);
    expect(words).toContain(`#${numbers[1]} · Question in demo, until`);
    expect(pings(card)).toEqual([bo.memberId]);
    expect(await reminder(second.taskId)).toEqual([]);
    expect((await taskById(db, second.taskId))?.questions[0]?.reminders).toMatchObject({ count: 1, along: [1] });

    // Bo may not approve it: it waits for nobody by name, so its reminder is the channel's.
    const asks = (await taskById(db, approval.taskId))?.approvals[0]?.id ?? '';
    await backdate(approval.taskId, 5 * 3_600_000);
    await timerDue(one, { kind: 'remind', taskId: approval.taskId, askedId: asks });
    const [unnamed] = await reminder(approval.taskId);
    expect(pings(unnamed)).toEqual([]);
    expect(plainLines(unnamed as Card).join('\n')).toContain('Nothing runs until somebody decides');
  });

  it('waits for its turn when there was a reminder just now', async () => {
    const cy = await ensureMember(db.kysely, 'web', { externalId: 'cy', name: 'cy' }, 'admin');
    const { taskId, questionId } = await asked(3_600_000, 'cy');
    await backdate(taskId, 2_700_000);
    const turn = { addressee: `person ${cy.memberId}`, reminded_at: new Date(Date.now() - 60_000) };
    await db.kysely.insertInto('reminder_turns').values(turn).execute();
    const timer = { kind: 'remind', taskId, askedId: questionId } as const;
    await timerDue(application(), timer);
    expect(await reminder(taskId)).toEqual([]);
    const again = await db.boss.findJobs<Timer>(timerQueue, { data: timer });
    const from = turn.reminded_at.getTime() + 15 * 60_000;
    expect(again.map(({ startAfter }) => startAfter.getTime())).toContain(from);
  });
});

function pings(card: Card | undefined): readonly string[] {
  const texts = card?.blocks.flatMap((block) => (block.kind === 'text' ? block.text : [])) ?? [];
  return texts.flatMap((each) =>
    typeof each === 'object' && each.kind === 'person' && each.ping ? [each.memberId] : [],
  );
}

/** Moves what a task asks into the past, as if so many milliseconds had gone by. */
async function backdate(taskId: string, ms: number): Promise<void> {
  const task = (await taskById(db, taskId)) as TaskState;
  const earlier = (at: string) => new Date(Date.parse(at) - ms).toISOString();
  const questions = task.questions.map((each) => ({
    ...each,
    askedAt: earlier(each.askedAt),
    ...(each.limit === undefined ? {} : { limit: { ...each.limit, until: earlier(each.limit.until) } }),
  }));
  const approvals = task.approvals.map((each) => ({ ...each, askedAt: earlier(each.askedAt) }));
  await db.kysely
    .updateTable('tasks')
    .set({ state: JSON.stringify({ ...task, questions, approvals }) })
    .where('id', '=', taskId)
    .execute();
}
