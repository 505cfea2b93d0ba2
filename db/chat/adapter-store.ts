import type { AdapterStore } from '#core/chat/adapter.ts';
import type { Database } from '../database.ts';

/** The small durable store of one platform's adapter: JSON values by key. */
export function createAdapterStore(db: Database, platform: string): AdapterStore {
  const rows = () => db.kysely.selectFrom('adapter_store').where('platform', '=', platform);
  return {
    async get(key) {
      const row = await rows().select('value').where('key', '=', key).executeTakeFirst();
      return row?.value;
    },
    async set(key, value) {
      // `undefined` has no JSON; null is a value.
      const stored = JSON.stringify(value ?? null);
      await db.kysely
        .insertInto('adapter_store')
        .values({ platform, key, value: stored })
        .onConflict((conflict) => conflict.columns(['platform', 'key']).doUpdateSet({ value: stored }))
        .execute();
    },
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
