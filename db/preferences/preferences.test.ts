import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Holder } from '#core/preferences/preference.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type Database, openDatabase } from '../database.ts';
import { ensureMember } from '../intake/inbox.ts';
import { addProject } from '../projects/projects.ts';
import { changePreference, choicesAt, type Place } from './preferences.ts';

let database: TestDatabase;
let db: Database;
let ana: string;
let bo: string;
let projectId: string;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
  const member = async (name: string) =>
    (await ensureMember(db.kysely, 'slack', { externalId: `T1/${name}`, name }, 'admin')).memberId;
  [ana, bo] = [await member('ana'), await member('bo')];
  const source = { name: 'demo', kind: 'folder', location: '/demo' } as const;
  projectId = (await addProject(db, { ...source, addedBy: ana })).project.projectId;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const channel = { platform: 'slack', channel: 'T1/C1' } as const;
const all = (): Place => ({ memberId: ana, channel, projectId });
const set = (holder: Holder, value: string | undefined, memberId = ana) =>
  db.transaction((trx) => changePreference(trx, { holder, name: 'tone', value, memberId }));

describe('choices', () => {
  it('are kept for each holder by itself, and read for a place together', async () => {
    await set({ kind: 'person', memberId: ana }, 'terse');
    await set({ kind: 'channel', ...channel }, 'friendly', bo);
    await set({ kind: 'project', projectId }, 'professional');
    await set({ kind: 'person', memberId: bo }, 'friendly', bo);
    await set({ kind: 'channel', platform: 'discord', channel: 'T1/C1' }, 'terse');
    const found = (await choicesAt(db, all())).map(({ holder, value, setBy }) => `${holder} ${value} ${setBy}`);
    expect(found.sort()).toEqual(['channel friendly bo', 'person terse ana', 'project professional ana']);
    expect(await choicesAt(db, {})).toEqual([]);
    expect(await choicesAt(db, { memberId: bo })).toMatchObject([{ value: 'friendly' }]);
  });

  it('are one for each holder, however many choose at once, and each is recorded', async () => {
    const holder = { kind: 'channel', platform: 'slack', channel: 'T1/busy' } as const;
    const values = ['terse', 'friendly', 'professional', 'terse', 'friendly', 'professional'];
    await Promise.all(values.map((value) => set(holder, value)));
    expect(await choicesAt(db, { channel: holder })).toHaveLength(1);
    await set(holder, undefined);
    await set(holder, undefined);
    expect(await choicesAt(db, { channel: holder })).toEqual([]);
    const told = await db.kysely
      .selectFrom('audit')
      .select(['deed', 'detail', 'member_id'])
      .where('subject', '=', 'slack/T1/busy')
      .orderBy('id')
      .execute();
    expect(told.filter(({ deed }) => deed === 'preference.set')).toHaveLength(values.length);
    expect(told.at(-1)?.detail).not.toHaveProperty('before');
    expect(told.at(-2)).toMatchObject({ deed: 'preference.removed', member_id: ana });
  });
});
