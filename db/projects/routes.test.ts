import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '#db/database.ts';
import { ensureMember } from '#db/intake/inbox.ts';
import { testDatabase } from '#tests/database.ts';
import { addProject } from './projects.ts';
import { listRoutes, mostRoutes, removeRoute, setRoute } from './routes.ts';

let db: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await testDatabase();
  db = await openDatabase({
    url: database.url,
    application: 'test',
    role: 'bot',
    log: pino({ level: 'silent' }),
  });
  drop = () => db.close().then(database.drop);
});
afterAll(() => drop());

it('routes lead where was said last, are recorded, and are never more than can be compared', async () => {
  const { memberId } = await ensureMember(db.kysely, 'web', { externalId: 'ana', name: 'ana' }, 'admin');
  const add = async (name: string) =>
    (await addProject(db, { name, kind: 'folder', location: `/nowhere/${name}` })).project.projectId;
  const [api, web] = [await add('api'), await add('web')];
  for (const projectId of [api, web]) expect(await setRoute(db, { words: 'login', projectId, memberId })).toBe(true);
  expect(await listRoutes(db)).toMatchObject([{ words: 'login', projectId: web, setBy: 'ana' }]);

  const more = Array.from({ length: mostRoutes + 2 }, (_, index) => `word${index}`);
  const made = await Promise.all(more.map((words) => setRoute(db, { words, projectId: api, memberId })));
  expect(made.filter(Boolean)).toHaveLength(mostRoutes - 1);
  expect(await setRoute(db, { words: 'login', projectId: api, memberId })).toBe(true);

  expect(await removeRoute(db, 'login', memberId)).toBe(true);
  expect(await removeRoute(db, 'login', memberId)).toBe(false);
  const deeds = await db.kysely.selectFrom('audit').select(['deed']).where('deed', 'like', 'route.%').execute();
  expect(deeds).toHaveLength(mostRoutes + 3);
});
