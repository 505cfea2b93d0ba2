import { sql } from 'kysely';
import type { AdapterStore } from '#core/chat/adapter.ts';
import { batched } from '../batch.ts';
import type { Database } from '../database.ts';

interface Entry {
  readonly key: string;
  /** JSON. */
  readonly value: string;
}

/**
 * The small durable store of one platform's adapter: JSON values by key. What is set while another write is under way goes in one
 * statement: written each by itself, what a burst of commands is remembered by took a fifth of its processor time (measured).
 */
export function createAdapterStore(db: Database, platform: string): AdapterStore {
  const rows = () => db.kysely.selectFrom('adapter_store').where('platform', '=', platform);
  const set = batched(async (entries: readonly Entry[]) => {
    // Of several values for a key the last one stays. In one order, so that two processes never wait for each other.
    const newest = [...new Map(entries.map(({ key, value }) => [key, value]))].sort(([a], [b]) => (a < b ? -1 : 1));
    await sql`
      insert into adapter_store (platform, key, value)
      select ${platform}, * from unnest(${newest.map(([key]) => key)}::text[], ${newest.map(([, value]) => value)}::jsonb[])
      on conflict (platform, key) do update set value = excluded.value`.execute(db.kysely);
    return entries.map(() => undefined);
  });
  return {
    async get(key) {
      const row = await rows().select('value').where('key', '=', key).executeTakeFirst();
      return row?.value;
    },
    // `undefined` has no JSON; null is a value.
    set: (key, value) => set({ key, value: JSON.stringify(value ?? null) }),
    async delete(key) {
      await db.kysely.deleteFrom('adapter_store').where('platform', '=', platform).where('key', '=', key).execute();
    },
    async list(prefix) {
      const found = await rows()
        .select(['key', 'value'])
        .where((each) => each.fn('starts_with', ['key', each.val(prefix)]))
        .orderBy('key')
        .execute();
      return found.map(({ key, value }) => [key, value] as const);
    },
  };
}
