import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { testDatabase } from '#tests/database.ts';
import { openDatabase } from '../database.ts';
import { ensureMember } from '../intake/inbox.ts';
import { choicesAt } from '../preferences/preferences.ts';
import { up } from './0053-preferences.ts';

it('keeps what was chosen for channels before', async () => {
  const database = await testDatabase();
  const db = await openDatabase({
    url: database.url,
    application: 'test',
    role: 'bot',
    log: pino({ level: 'silent' }),
  });
  const { memberId: ana } = await ensureMember(db.kysely, 'web', { externalId: 'ana', name: 'ana' }, 'admin');
  await sql`drop table preferences`.execute(db.kysely);
  // As 0040 makes it.
  await sql`create table preferences (
    platform text not null, channel text not null, name text not null, value text not null,
    set_by uuid not null references members, set_at timestamptz not null default now(),
    primary key (platform, channel, name))`.execute(db.kysely);
  await sql`insert into preferences values ('web', 'general', 'agent', 'codex', ${ana})`.execute(db.kysely);
  await up(db.kysely as never);
  expect(await choicesAt(db, { channel: { platform: 'web', channel: 'general' } })).toMatchObject([
    { holder: 'channel', name: 'agent', value: 'codex', setBy: 'ana' },
  ]);
  await db.close();
  await database.drop();
});
