import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '#db/database.ts';
import { addProject } from '#db/projects/projects.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { findTasks, type TaskFilter } from './find-tasks.ts';

let database: TestDatabase;
let db: Database;
const ids: Record<string, string> = {};

/** Of ana: 1 ended, 2 and 3 open; of bo: 4 waits, in another project. */
beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
  for (const name of ['demo', 'other']) {
    ids[name] = (await addProject(db, { name, kind: 'folder', location: `/nowhere/${name}` })).project.projectId;
  }
  for (const by of ['ana', 'ana', 'ana', 'bo']) {
    await askFor(db, { by, projectId: ids[by === 'ana' ? 'demo' : 'other'] ?? '' });
  }
  await sql`update tasks set status = 'completed', finished_at = now() where number = 1`.execute(db.kysely);
  await sql`update tasks set status = 'waiting' where number = 4`.execute(db.kysely);
  for (const { id, name } of await db.kysely.selectFrom('members').select(['id', 'name']).execute()) ids[name] = id;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const numbers = async (filter: Omit<TaskFilter, 'eyes'>, limit = 10, offset = 0) => {
  const { tasks, more } = await findTasks(db, { eyes: 'commander', ...filter }, { limit, offset });
  return [tasks.map(({ number }) => number), more];
};

it('finds tasks by how they stand, by person and by project, what is open first, and counts the rest', async () => {
  const ana = [ids.ana ?? ''];
  expect(await numbers({})).toEqual([[4, 3, 2, 1], 0]);
  expect(await numbers({ standing: 'open' }, 2)).toEqual([[4, 3], 1]);
  expect(await numbers({ standing: 'open' }, 2, 2)).toEqual([[2], 0]);
  expect(await numbers({ standing: 'waiting' })).toEqual([[4], 0]);
  expect(await numbers({ standing: 'ended' })).toEqual([[1], 0]);
  expect(await numbers({ by: { members: ana } })).toEqual([[3, 2, 1], 0]);
  expect(await numbers({ by: { members: ana, others: true }, standing: 'open' })).toEqual([[4], 0]);
  expect(await numbers({ projectId: ids.other, by: { members: ana } })).toEqual([[], 0]);
});
