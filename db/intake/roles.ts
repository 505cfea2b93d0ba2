import { sql } from 'kysely';
import type { Role } from '#core/policy/roles.ts';
import type { Database } from '../database.ts';
import { isCalled } from './members.ts';

/** A person who was seen, with what he may do. */
export interface Member {
  readonly memberId: string;
  readonly name: string;
  readonly platform: string;
  readonly role: Role;
}

/** Of everybody, those who are called so, or whose id ends so. */
export type Which = { readonly name: string } | { readonly idEnd: string };

/** People who were seen, those who may most first. */
export async function listMembers({ kysely }: Database, limit: number, which?: Which): Promise<readonly Member[]> {
  return kysely
    .selectFrom('members')
    .select(['id as memberId', 'name', 'platform', 'role'])
    .where((where) => {
      if (which === undefined) return where.lit(true);
      if ('name' in which) return isCalled(which.name);
      return sql<boolean>`right(id::text, ${which.idEnd.length}) = ${which.idEnd.toLowerCase()}`;
    })
    .orderBy(sql`array_position(array['admin', 'approver', 'requester', 'viewer'], role)`)
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** A role that somebody is given, by whom. */
export interface GivenRole {
  readonly memberId: string;
  readonly role: Role;
  readonly givenBy: string;
}

/** Gives a role, for good and recorded; `last-admin` where nobody would administer Commander any more. */
export async function giveRole(db: Database, { memberId, role, givenBy }: GivenRole): Promise<'given' | 'last-admin'> {
  return db.transaction(async (trx) => {
    // Two admins that take each other's role at once leave one.
    const admins = await trx.selectFrom('members').select('id').where('role', '=', 'admin').forUpdate().execute();
    if (role !== 'admin' && admins.every(({ id }) => id === memberId)) return 'last-admin';
    const before = await trx
      .selectFrom('members')
      .select('role')
      .where('id', '=', memberId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    await trx.updateTable('members').set({ role, first_role: null }).where('id', '=', memberId).execute();
    const detail = JSON.stringify({ role, before: before.role });
    await trx
      .insertInto('audit')
      .values({ member_id: givenBy, deed: 'role.given', subject: memberId, detail })
      .execute();
    return 'given';
  });
}
