import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buttonsOf, wordsOf } from '#core/show/testing.ts';
import type { Ask } from '#core/understand/ask.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { newId } from '#db/id.ts';
import { type AskedMessage, askedMessage, openAskOf, openAsks } from '#db/intake/asks.ts';
import { acceptMessage, readMessage, replyOf } from '#db/intake/inbox.ts';
import { addProject } from '#db/projects/projects.ts';
import { timerQueue } from '#db/queue.ts';
import type { Timer } from '#db/timers.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { untilFound } from '#tests/news.ts';
import { makeRepository } from '#tests/whole/projects.ts';
import { createAnswersFirst } from './answers-first.ts';
import type { Application } from './application.ts';
import { startEngine } from './engine/engine.ts';
import { timerDue } from './engine/timer-due.ts';
import { prepareAnswer } from './intake/answer-ask.ts';
import { handleMessage } from './intake/handle-message.ts';
import { press } from './interactions/press.ts';

const log = pino({ level: 'silent' });
const deploy = 'runbooks:\n  deploy: { summary: Deploys, steps: [{ name: Deploy, command: echo }] }\n';
const sender = { externalId: 'ana', name: 'ana' };
let database: TestDatabase;
let db: Database;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
  folder = await mkdtemp(join(tmpdir(), 'asks-'));
  for (const name of ['shop', 'web']) {
    const location = await makeRepository(join(folder, name), { 'commander.yaml': deploy });
    await addProject(db, { name, kind: 'folder', location });
  }
});
afterAll(async () => {
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

function application(answerWithin?: number): Application {
  const home = join(folder, 'home');
  return { db, home, log, answersFirst: createAnswersFirst(), adapters: new Map(), answerWithin };
}

/** What is said in a thread, handled. */
async function say(thread: string, text: string, answerWithin?: number): Promise<string> {
  const externalId = newId();
  const about = { thread: { platform: 'web', channel: 'c', thread }, sender, files: [] };
  await acceptMessage(db, { ...about, externalId, text, addressed: true, opensThread: externalId === thread }, 'admin');
  const { id } = await db.kysely
    .selectFrom('inbox')
    .select('id')
    .where('external_id', '=', externalId)
    .executeTakeFirstOrThrow();
  const message = await readMessage(db, id);
  if (message === undefined) throw new Error('the message is not there');
  await handleMessage(application(answerWithin), message);
  return id;
}

/** "deploy", which two projects have; `answerWithin` may lie in the past. */
async function asked(answerWithin: number): Promise<{ readonly messageId: string; readonly thread: string }> {
  const thread = newId();
  return { messageId: await say(thread, 'deploy', answerWithin), thread };
}

async function read(messageId: string): Promise<{ readonly asked: AskedMessage; readonly ask: Ask }> {
  const found = await askedMessage(db, messageId);
  const [ask] = found?.asks ?? [];
  if (found === undefined || ask === undefined) throw new Error('nothing was asked');
  return { asked: found, ask };
}

const choose = (thread: string, messageId: string) =>
  press(application(), {
    thread: { platform: 'web', channel: 'c', thread },
    sender,
    action: `choose:${messageId}:0-0`,
  });

/** The ask as soon as it is as wanted. */
async function until(messageId: string, wanted: (ask: Ask) => boolean): Promise<Ask> {
  return untilFound(db, async () => {
    const { ask } = await read(messageId);
    return wanted(ask) ? ask : undefined;
  });
}

it('what must be known first ends when nobody answers in time, by the next process too; its thread is free again', async () => {
  const [soon, longAgo] = [await asked(100), await asked(-3_600_000)];
  const [before] = (await replyOf(db, soon.messageId)) ?? [];
  expect(before && wordsOf(before)).toMatch(/If nobody answers by .+, nothing is started\./);
  const engine = await startEngine(application());
  try {
    await until(soon.messageId, ({ endedAt }) => endedAt !== undefined);
    expect(await until(longAgo.messageId, ({ limit }) => limit?.again === true)).toMatchObject({ answers: [] });
  } finally {
    await engine.stop();
  }
  const [card] = (await replyOf(db, soon.messageId)) ?? [];
  expect(card && wordsOf(card)).toMatch(/Nobody answered by .+: nothing was started\./);
  expect(card && buttonsOf(card)).toEqual([]);
  expect((await openAsks(db, 'commander')).map(({ id }) => id)).toEqual([longAgo.messageId]);
  expect(await choose(soon.thread, soon.messageId)).toMatchObject({
    kind: 'notice',
    text: expect.stringContaining('nothing was started. To have it done after all, say it again: “deploy”'),
  });
  const { asked: ended } = await read(soon.messageId);
  expect(await openAskOf(db, ended.threadId)).toBeUndefined();
  const again = await say(soon.thread, 'deploy');
  expect((await read(again)).ask.endedAt).toBeUndefined();
  expect((await read(soon.messageId)).ask).toEqual(ended.asks[0]);
});

/** An answer that is ready: it needs nothing more than the lock. */
async function readyAnswer(messageId: string): Promise<() => Promise<string>> {
  const found = await read(messageId);
  const [choice] = found.ask.wanted.kind === 'place' ? found.ask.wanted.choices : [];
  if (choice === undefined) throw new Error('places are asked for');
  const actor = found.asked.sender;
  const prepared = await prepareAnswer(application(), { ...found, answer: { kind: 'place', choice }, actor });
  if (prepared.kind === 'refused') throw new Error(prepared.text);
  return async () => {
    const answered = await db.transaction((trx) => prepared.commit(trx));
    return answered.kind === 'refused' ? answered.text : answered.kind;
  };
}

it('its end and answers race: exactly one wins, and the others are told which', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { messageId } = await asked(0);
    const answer = await readyAnswer(messageId);
    const due = async () => timerDue(application(), { kind: 'ask', messageId, part: 0 });
    const ends = [due(), due()];
    // In every other round the end has a head start: then each side wins some.
    if (round % 2 === 0) await ends[0];
    const told = await Promise.all([answer(), answer()]);
    await Promise.all(ends);
    const { ask } = await read(messageId);
    await due();
    expect((await read(messageId)).ask).toEqual(ask);
    const made = await db.kysely.selectFrom('tasks').select('number').where('inbox_id', '=', messageId).execute();
    expect(made.map(({ number }) => number)).toEqual(ask.taskNumber === undefined ? [] : [ask.taskNumber]);
    expect(ask.endedAt === undefined).toBe(made.length === 1);
    expect(told.filter((each) => each === 'task')).toHaveLength(made.length);
    const first = made.length === 1 ? `It is task #${ask.taskNumber}.` : 'Nobody answered in time';
    for (const words of told.filter((each) => each !== 'task')) expect(words).toContain(first);
  }
});

it('what must be known first is brought to mind in its thread, once, and with what else waits for its author', async () => {
  // The timers above may have reminded ana, who is left in peace then.
  await db.kysely.deleteFrom('reminder_turns').execute();
  const [first, second] = [await asked(600_000), await asked(3_600_000)];
  const timers = [first, second].map(({ messageId }) => ({ kind: 'remind-ask', messageId, part: 0 }) as const);
  const jobs = await db.boss.findJobs<Timer>(timerQueue, { data: timers[0] });
  const { limit } = (await read(first.messageId)).ask;
  const lead = Date.parse(limit?.until ?? '') - 300_000;
  expect(jobs.map(({ startAfter }) => startAfter.getTime())).toEqual([lead]);
  await timerDue(application(), { kind: 'remind-ask', messageId: first.messageId, part: 0 });
  expect((await replyOf(db, first.messageId))?.map(({ key }) => key)).toEqual(['question']);
  await backdate(first.messageId, 500_000);
  await backdate(second.messageId, 3_400_000);
  await Promise.all([...timers, ...timers].map((timer) => timerDue(application(), timer)));
  const [, card, ...more] = (await replyOf(db, first.messageId)) ?? [];
  expect(more).toEqual([]);
  expect(card?.key).toBe('reminder:0:1');
  expect(card && wordsOf(card)).toMatch(/ana: “That fits more.+ waits .+Without an answer nothing is started at/);
  expect(card && wordsOf(card)).toMatch(/other things waited for ana .*A request · Needed before it begins, until/s);
  expect(await replyOf(db, second.messageId)).toHaveLength(1);
  await choose(first.thread, first.messageId);
  const [answered, settled] = (await replyOf(db, first.messageId)) ?? [];
  expect(answered && wordsOf(answered)).toContain('Asked and answered');
  expect(settled && wordsOf(settled)).toMatch(/No longer waits.*is settled/s);
});

/** As if so many milliseconds had gone by since it was asked. */
async function backdate(messageId: string, ms: number): Promise<void> {
  const { asked: message } = await read(messageId);
  const earlier = (at: string) => new Date(Date.parse(at) - ms).toISOString();
  const asks = message.asks.map((ask) => ({
    ...ask,
    ...(ask.limit && { limit: { from: earlier(ask.limit.from), until: earlier(ask.limit.until) } }),
  }));
  const { attachments, threadProjectId } = message;
  await db.kysely
    .updateTable('inbox')
    .set({ asks: JSON.stringify({ asks, attachments, threadProjectId }) })
    .where('id', '=', messageId)
    .execute();
}
