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
    .select(['platform', 'key', 'lane', 'body'])
    .where('understood_at', 'is', null)
    .where('due_at', '<=', sql<Date>`now()`)
    .where('platform', 'in', [...platforms])
    .orderBy('received_at')
    .limit(limit)
    .execute();
  return rows.map(({ body, ...row }) => ({ ...row, body: JSON.parse(body ?? '{}') as object }));
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
