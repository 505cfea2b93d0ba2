import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { type Installation, type InstallationStore, InstallationUnreadable } from '#core/chat/installations.ts';
import type { Database, Transaction } from '../database.ts';
import type { InstallationsTable } from '../schema.ts';
import { seal, unseal } from './seal.ts';

const tokensShape = z.object({
  token: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number().optional(),
});

/** The installations of one platform, their tokens encrypted with a key of 32 bytes. */
export function createInstallationStore(db: Database, platform: string, key: Buffer): InstallationStore {
  const { kysely } = db;
  const about = (place: string) => `${platform}/${place}`;
  const digestOf = (state: string) => createHash('sha256').update(state).digest('hex');

  function rowOf({ place, name, address, botUser, installedBy, ...tokens }: Installation) {
    const sealed = seal(key, about(place), JSON.stringify(tokensShape.parse(tokens)));
    return { name, address, bot_user: botUser, installed_by: installedBy, tokens: sealed };
  }

  function read(row: Selectable<InstallationsTable>): Installation {
    const tokens = unseal(key, about(row.place), row.tokens);
    if (tokens === undefined) {
      throw new InstallationUnreadable(
        `The stored tokens of “${row.name}” can not be read with this key: give the former COMMANDER_SECRET_KEY (or secret.key of the data directory) back, or add Commander to that workspace again.`,
      );
    }
    const { place, name, address, bot_user: botUser, installed_by: installedBy } = row;
    return { place, name, address, botUser, installedBy, ...tokensShape.parse(JSON.parse(tokens)) };
  }

  const locked = (trx: Transaction, place: string) =>
    trx
      .selectFrom('installations')
      .selectAll()
      .where('platform', '=', platform)
      .where('place', '=', place)
      .forUpdate()
      .executeTakeFirst();

  return {
    async find(place) {
      const row = await kysely
        .selectFrom('installations')
        .selectAll()
        .where('platform', '=', platform)
        .where('place', '=', place)
        .executeTakeFirst();
      return row === undefined ? undefined : read(row);
    },
    async places() {
      const rows = await kysely.selectFrom('installations').select('place').where('platform', '=', platform).execute();
      return rows.map(({ place }) => place);
    },
    async save(installation) {
      const row = rowOf(installation);
      await kysely
        .insertInto('installations')
        .values({ platform, place: installation.place, ...row })
        .onConflict((conflict) =>
          conflict.columns(['platform', 'place']).doUpdateSet({ ...row, updated_at: sql<Date>`now()` }),
        )
        .execute();
    },
    remove: (place, token) =>
      kysely.transaction().execute(async (trx) => {
        const row = await locked(trx, place);
        if (row === undefined || read(row).token !== token) return false;
        await trx.deleteFrom('installations').where('platform', '=', platform).where('place', '=', place).execute();
        return true;
      }),
    renew: (place, stale, renew) =>
      kysely.transaction().execute(async (trx) => {
        // The row's lock makes all processes wait for the one that renews.
        const row = await locked(trx, place);
        if (row === undefined) return undefined;
        const current = read(row);
        if (current.token !== stale) return current;
        const renewed = await renew(current);
        await trx
          .updateTable('installations')
          .set({ ...rowOf(renewed), updated_at: sql<Date>`now()` })
          .where('platform', '=', platform)
          .where('place', '=', place)
          .execute();
        return renewed;
      }),
    async begin(state, lifeMs) {
      await kysely.deleteFrom('installation_states').where('ends_at', '<', sql<Date>`now()`).execute();
      await kysely
        .insertInto('installation_states')
        .values({ platform, digest: digestOf(state), ends_at: new Date(Date.now() + lifeMs) })
        .execute();
    },
    async end(state) {
      const ended = await kysely
        .deleteFrom('installation_states')
        .where('platform', '=', platform)
        .where('digest', '=', digestOf(state))
        .returning('ends_at')
        .executeTakeFirst();
      return ended !== undefined && ended.ends_at.getTime() > Date.now();
    },
  };
}
