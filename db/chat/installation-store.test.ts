import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Installation, InstallationStore } from '#core/chat/installations.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type Database, openDatabase } from '../database.ts';
import { createInstallationStore } from './installation-store.ts';

let database: TestDatabase;
let db: Database;
let store: InstallationStore;
const key = randomBytes(32);
const acme: Installation = {
  place: 'T1',
  name: 'Acme',
  address: 'https://acme.slack.com/',
  botUser: 'U1',
  installedBy: 'U2',
  token: 'xoxe.xoxb-secret-1',
  refreshToken: 'xoxe-secret-1',
  expiresAt: 1000,
};

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
});
beforeEach(async () => {
  await sql`truncate installations, installation_states`.execute(db.kysely);
  store = createInstallationStore(db, 'slack', key);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

it('gives back what was saved, the newest of a place, until it is removed', async () => {
  await store.save(acme);
  await store.save({ ...acme, token: 'xoxb-2', refreshToken: undefined, expiresAt: undefined });
  const { refreshToken: _refresh, expiresAt: _ends, ...lasting } = acme;
  expect(await store.find('T1')).toEqual({ ...lasting, token: 'xoxb-2' });
  expect(await createInstallationStore(db, 'other', key).find('T1')).toBeUndefined();
  // A token that ended takes no newer one along.
  const removed = [await store.remove('T1', acme.token), await store.remove('T1', 'xoxb-2')];
  expect([...removed, await store.remove('T1', 'xoxb-2')]).toEqual([false, true, false]);
  expect(await store.find('T1')).toBeUndefined();
});

it('keeps no token in clear text, and reads none with another key, of another place, or when a byte was changed', async () => {
  await store.save(acme);
  const dump = await sql<{ row: string }>`select i::text || encode(i.tokens, 'escape') as row
    from installations i`.execute(db.kysely);
  expect(dump.rows.map(({ row }) => row).join()).not.toMatch(/secret-1|xox/);
  await expect(createInstallationStore(db, 'slack', randomBytes(32)).find('T1')).rejects.toThrow(
    /COMMANDER_SECRET_KEY/,
  );
  await sql`insert into installations select platform, 'T2', name, address, bot_user, installed_by, tokens
    from installations`.execute(db.kysely);
  await expect(store.find('T2')).rejects.toThrow(/Acme/);
  await sql`update installations set tokens = set_byte(tokens, length(tokens) - 1,
    get_byte(tokens, length(tokens) - 1) # 1) where place = 'T1'`.execute(db.kysely);
  await expect(store.find('T1')).rejects.toThrow(/Acme/);
  await sql`update installations set tokens = '\\x00'::bytea where place = 'T1'`.execute(db.kysely);
  await expect(store.find('T1')).rejects.toThrow(/Acme/);
});

it('renews once, however many ask at once', async () => {
  await store.save(acme);
  let renewals = 0;
  const renew = async (current: Installation) => {
    renewals += 1;
    return { ...current, token: `renewed-${renewals}` };
  };
  const another = createInstallationStore(db, 'slack', key);
  const all = await Promise.all([store, another, store].map((each) => each.renew('T1', acme.token, renew)));
  expect(all.map((each) => each?.token)).toEqual(['renewed-1', 'renewed-1', 'renewed-1']);
  expect(renewals).toBe(1);
  const fails = store.renew('T1', 'renewed-1', async () => {
    throw new Error('Slack is away');
  });
  await expect(fails).rejects.toThrow('Slack is away');
  expect((await store.find('T1'))?.token).toBe('renewed-1');
  expect(await store.renew('T9', '', renew)).toBeUndefined();
});

it('ends a beginning once, in its time, and knows no other', async () => {
  await store.begin('state-1', 60_000);
  await store.begin('state-2', -1);
  expect([await store.end('state-1'), await store.end('state-1')]).toEqual([true, false]);
  expect(await store.end('state-2')).toBe(false);
  expect(await store.end('forged')).toBe(false);
});
