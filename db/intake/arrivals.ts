import type pg from 'pg';
import { batched } from '../batch.ts';
import { type Prepared, preparedStatements } from '../prepared.ts';
import type { InboxBody, InboxOrigin } from '../schema.ts';

/** A message as it arrives: not yet with rows for its person and its thread. */
export interface ArrivedMessage {
  readonly id: string;
  readonly platform: string;
  readonly externalId: string;
  readonly origin: InboxOrigin;
  readonly body: InboxBody;
}

/**
 * What platforms wait for: one insert that commits by itself, on connections that nothing else uses, so that it stands in no
 * queue behind the work of tasks.
 */
export interface Arrivals {
  /** Resolves when it is committed; false when its platform's id was known already. */
  message(message: ArrivedMessage): Promise<boolean>;
}

export function createArrivals(pool: pg.Pool): Arrivals {
  const run = preparedStatements(pool);
  return { message: batched((messages: readonly ArrivedMessage[]) => insertMessages(run, messages)) };
}

async function insertMessages(run: Prepared, messages: readonly ArrivedMessage[]): Promise<readonly boolean[]> {
  const { rows } = await run(
    `with message as (
      insert into inbox (id, platform, external_id, origin, body, received_at)
      select *, clock_timestamp() from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[])
      on conflict (platform, external_id) do nothing returning id)
    select id, pg_notify('commander_inbox', id::text) from message`,
    [
      messages.map(({ id }) => id),
      messages.map(({ platform }) => platform),
      messages.map(({ externalId }) => externalId),
      messages.map(({ origin }) => storable(origin)),
      messages.map(({ body }) => storable(body)),
    ],
  );
  const taken = new Set(rows.map(({ id }) => id as string));
  return messages.map(({ id }) => taken.has(id));
}

/** JSON that Postgres takes: no character 0 and no half of a surrogate pair. Anybody can send those. */
function storable(value: object): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'string' ? each.replaceAll('\0', '').toWellFormed() : each,
  );
}
