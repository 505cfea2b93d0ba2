import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { testDatabase } from '#tests/database.ts';
import { ensureMember } from './inbox.ts';
import { giveRole, listMembers } from './roles.ts';

it('a role that was given stays, and somebody always administers', async () => {
  const database = await testDatabase();
  const log = pino({ level: 'silent' });
  const db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log });
  const meet = (name: string, role: 'admin' | 'requester', externalId = name) =>
    ensureMember(db.kysely, 'slack', { externalId, name }, role);
  const [ana, bo] = [await meet('ana', 'admin'), await meet('bo', 'requester')];
  const give = (memberId: string, role: 'admin' | 'requester') =>
    giveRole(db, { memberId, role, givenBy: ana.memberId });

  expect(await give(ana.memberId, 'requester')).toBe('last-admin');
  // Given is what he had: from now on it is no newcomer's role that rises by itself.
  expect(await give(bo.memberId, 'requester')).toBe('given');
  expect(await meet('bo', 'admin')).toMatchObject({ role: 'requester' });
  expect(await give(bo.memberId, 'admin')).toBe('given');
  const both = await Promise.all([give(ana.memberId, 'requester'), give(bo.memberId, 'requester')]);
  expect(both.toSorted()).toEqual(['given', 'last-admin']);
  expect((await listMembers(db, 10)).map(({ role }) => role)).toEqual(['admin', 'requester']);
  expect(await listMembers(db, 10, { name: 'BO' })).toMatchObject([{ name: 'bo', platform: 'slack' }]);
  expect(await listMembers(db, 10, { idEnd: bo.memberId.slice(-6).toUpperCase() })).toHaveLength(1);
  // Whom a mention names counts, whatever others call themselves.
  await meet('cy', 'requester', 'T0TEAM/U0CYCY');
  await meet('U0CYCY', 'requester', 'T0TEAM/U0OTHER');
  await meet('di', 'requester', '123456789012345678');
  const named = async (name: string) => (await listMembers(db, 10, { name })).map((each) => each.name);
  expect(await named('@U0CYCY')).toEqual(['cy']);
  expect(await named('<@123456789012345678>')).toEqual(['di']);
  expect(await named('@Cy')).toEqual(['cy']);
  const deeds = await db.kysely.selectFrom('audit').select(['deed']).where('deed', '=', 'role.given').execute();
  expect(deeds).toHaveLength(3);
  await db.close();
  await database.drop();
});
