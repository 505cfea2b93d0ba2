import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seenTasks, testMembers, viewers } from '#core/policy/testing-visibility.ts';
import { maySee, type Seen, type Viewer } from '#core/policy/visibility.ts';
import { addProject } from '#db/projects/projects.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { type Database, openDatabase } from '../database.ts';
import { newId } from '../id.ts';
import { listRules, makeRule } from '../rules/rules.ts';
import { findTasks } from './find-tasks.ts';
import { outputById } from './queries.ts';
import { type Eyes, isSeen, privateAt } from './visible.ts';

let database: TestDatabase;
let db: Database;
const ids = new Map<string, string>();
/** The task of each test member. */
const tasks = new Map<string, string>();

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
  const { project } = await addProject(db, { name: 'demo', kind: 'folder', location: '/nowhere/demo' });
  for (const by of testMembers) {
    const { taskIds } = await askFor(db, { by, platform: 'slack', projectId: project.projectId });
    tasks.set(by, taskIds[0] ?? '');
  }
  for (const { id, name } of await db.kysely.selectFrom('members').select(['id', 'name']).execute()) ids.set(name, id);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const idOf = (name: string) => ids.get(name) ?? '';

function viewerOf(viewer: Viewer): Viewer {
  return viewer.as === 'page' ? viewer : { ...viewer, memberId: idOf(viewer.memberId) };
}

/** Moves the task of its requester to where it is said to be, with these people. */
async function arrange({ requester, place, pageKey, participants }: Seen): Promise<string> {
  const taskId = tasks.get(requester.memberId) ?? '';
  const { thread_id } = await db.kysely
    .selectFrom('tasks')
    .select('thread_id')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const { platform, channel, thread, readBy = null } = place;
  // Threads of the other tasks keep out of the way: an address is unique.
  await sql`update threads set platform = 'away', thread = id::text, read_by = 'person'
    where id <> ${thread_id}`.execute(db.kysely);
  await db.kysely
    .updateTable('threads')
    .set({ platform, channel, thread, read_by: readBy, page_key: pageKey })
    .where('id', '=', thread_id)
    .execute();
  await db.kysely.deleteFrom('participants').where('thread_id', '=', thread_id).execute();
  if (participants.size > 0)
    await db.kysely
      .insertInto('participants')
      .values([...participants].map((each) => ({ thread_id, member_id: idOf(each) })))
      .execute();
  return taskId;
}

it('finds exactly what the rule of core lets a viewer see, in lists and alone', async () => {
  await fc.assert(
    fc.asyncProperty(seenTasks, fc.array(viewers, { minLength: 4, maxLength: 8 }), async (seen, all) => {
      const taskId = await arrange(seen);
      await Promise.all(
        all.map(async (viewer) => {
          const expected = maySee(viewer, seen);
          const eyes = viewerOf(viewer);
          const [{ tasks: found }, alone] = await Promise.all([
            findTasks(db, { eyes }, { limit: 10 }),
            isSeen(db, taskId, eyes),
          ]);
          expect([found.some(({ id }) => id === taskId), alone]).toEqual([expected, expected]);
        }),
      );
    }),
    { numRuns: 40 },
  );
});

it('counts what is kept back from an answer: the asker’s own and nobody else’s, and nothing where nobody else reads', async () => {
  const place = { platform: 'slack', channel: 'd', thread: '1', readBy: 'person' } as const;
  await arrange({ requester: { memberId: 'ana' }, place, pageKey: randomUUID(), participants: new Set(['bo']) });
  const at = { platform: 'slack', channel: 'c', thread: '2', readBy: 'everybody' } as const;
  const answer = { as: 'answer', role: 'admin', at } as const;
  const keptBack = async (eyes: Viewer) => (await findTasks(db, { eyes, standing: 'open' }, { limit: 10 })).keptBack;
  expect(await keptBack({ ...answer, memberId: idOf('ana') })).toBe(1);
  expect(await keptBack({ ...answer, memberId: idOf('bo') })).toBe(1);
  expect(await keptBack({ ...answer, memberId: idOf('ana'), at: { ...at, readBy: 'person' } })).toBe(0);
  expect(await keptBack({ as: 'member', role: 'admin', memberId: idOf('ana') })).toBe(0);
});

it('keeps back the words of a rule that was asked for in private, and what was made there, from who may not see the task', async () => {
  const place = { platform: 'slack', channel: 'd', thread: '1', readBy: 'channel' } as const;
  const pageKey = randomUUID();
  const taskId = await arrange({ requester: { memberId: 'ana' }, place, pageKey, participants: new Set() });
  const { project_id: projectId } = await db.kysely
    .selectFrom('tasks')
    .select('project_id')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const words = 'npm publish';
  const rule = { projectId, runbook: 'r', words, ruleHash: 'h', madeBy: idOf('cy'), fromTaskId: taskId, days: 1 };
  await db.transaction((trx) => makeRule(trx, rule));
  const made = {
    id: newId(),
    task_id: taskId,
    name: 'notes.txt',
    media_type: 'text/plain',
    size: 1,
    made_at: '2026-01-02',
  };
  await db.kysely
    .insertInto('outputs')
    .values({ ...made, version: 1, sha256: 'a'.repeat(64), project_id: projectId })
    .execute();
  const seenBy = async (eyes: Eyes) => [
    (await listRules(db, eyes))[0]?.words,
    (await outputById(db, made.id, eyes))?.name,
  ];
  const member = { as: 'member', role: 'approver' } as const;
  const at = { platform: 'slack', channel: 'c', thread: '2', readBy: 'everybody' } as const;
  for (const eyes of [
    { ...member, memberId: idOf('ana') },
    { ...member, memberId: idOf('bo'), at: { ...at, channel: 'd' } },
    { as: 'member', role: 'admin', memberId: idOf('bo') },
    { as: 'page', keys: [pageKey] },
  ] as const)
    expect(await seenBy(eyes)).toEqual([words, 'notes.txt']);
  for (const eyes of [
    { ...member, memberId: idOf('bo') },
    { as: 'answer', role: 'admin', memberId: idOf('ana'), at },
    { as: 'page', keys: [randomUUID()] },
  ] as const)
    expect(await seenBy(eyes)).toEqual([undefined, undefined]);
});

it('says which of some tasks not everybody who reads a place may see', async () => {
  const place = { platform: 'slack', channel: 'd', thread: '1', readBy: 'channel' } as const;
  const taskId = await arrange({
    requester: { memberId: 'ana' },
    place,
    pageKey: randomUUID(),
    participants: new Set(),
  });
  const { number } = await db.kysely
    .selectFrom('tasks')
    .select('number')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const at = { platform: 'slack', channel: 'c', thread: '2', readBy: 'everybody' } as const;
  expect(await privateAt(db, at, new Set([number, 999]))).toEqual(new Set([number]));
  expect(await privateAt(db, { ...at, channel: 'd' }, new Set([number]))).toEqual(new Set());
});
