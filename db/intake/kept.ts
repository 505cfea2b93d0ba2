import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { ArrivalKey, KeptArrival } from './arrivals.ts';

/** Keys of what is understood are known for so long, in hours: Slack sends things again within minutes. */
const keyHours = 24;

/** What was kept and never understood, by whoever kept it: oldest first. */
export async function dueArrivals(
  db: Database,
  platforms: readonly string[],
  limit: number,
): Promise<readonly KeptArrival[]> {
  const rows = await db.kysely
    .selectFrom('arrivals')
    .select(['platform', 'key', 'lane', 'after_key', 'body'])
    .where('understood_at', 'is', null)
    .where('due_at', '<=', sql<Date>`now()`)
    .where('platform', 'in', [...platforms])
    .orderBy('received_at')
    .limit(limit)
    .execute();
  return rows.map(({ body, after_key, ...row }) => ({
    ...row,
    ...(after_key === null ? {} : { after: after_key }),
    body: JSON.parse(body ?? '{}') as object,
  }));
}

/**
 * Whether what an arrival changes is kept and not understood yet: then it is due when that is due again, behind it. A failed attempt
 * at that counts for both.
 */
export async function waitsBehind(db: Database, { platform, key, after }: KeptArrival): Promise<boolean> {
  if (after === undefined) return false;
  const { numUpdatedRows } = await db.kysely
    .updateTable('arrivals')
    .from('arrivals as first')
    .set({ due_at: sql<Date>`greatest(first.due_at, now() + interval '1 second')` })
    .where('arrivals.platform', '=', platform)
    .where('arrivals.key', '=', key)
    .whereRef('first.platform', '=', 'arrivals.platform')
    .where('first.key', '=', after)
    .where('first.understood_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A failed attempt: it stays and is tried again, each time after twice the wait, up to five minutes. */
export async function postponeArrival(db: Database, { platform, key }: ArrivalKey): Promise<void> {
  await db.kysely
    .updateTable('arrivals')
    .set({
      attempts: sql`attempts + 1`,
      due_at: sql`now() + make_interval(secs => least(300, 2 ^ least(attempts, 10)))`,
    })
    .where('platform', '=', platform)
    .where('key', '=', key)
    .execute();
}

/** Forgets the keys of what was understood long ago. */
export async function forgetArrivals(db: Database): Promise<void> {
  await db.kysely
    .deleteFrom('arrivals')
    .where('understood_at', '<', sql<Date>`now() - ${keyHours} * interval '1 hour'`)
    .execute();
}
