import type pg from 'pg';
import type { Arrival } from '#core/chat/adapter.ts';
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

/** What a platform sent, as it came. */
export interface KeptArrival extends Arrival {
  readonly platform: string;
}

/** Of a kept arrival. */
export type ArrivalKey = Pick<KeptArrival, 'platform' | 'key'>;

/**
 * What platforms wait for: one insert that commits by itself, on connections that nothing else uses, so that it stands in no
 * queue behind the work of tasks.
 */
export interface Arrivals {
  /** Opens a connection and has the insert planned: else whoever comes first waits for it. */
  prepare(): Promise<void>;
  /** Resolves when it is committed; false when its platform's id was known already. */
  message(message: ArrivedMessage): Promise<boolean>;
  /**
   * Calls back when a message was committed by this process: it is told without Postgres, where a notification makes the insert a
   * third slower (measured) and wakes every process that listens to anything. Others see the message with their next look.
   */
  onMessage(listener: () => void): () => void;
  /** The same for what is not understood yet. */
  keep(arrival: KeptArrival): Promise<boolean>;
  /** It is understood: only its key is still known. */
  understood(arrival: ArrivalKey): Promise<void>;
}

/** What was kept is left to the process that kept it for so long, in milliseconds; after that any process takes it up. */
const graceMs = 2000;

export function createArrivals(pool: pg.Pool): Arrivals {
  const run = preparedStatements(pool);
  const listeners = new Set<() => void>();

  async function take(messages: readonly ArrivedMessage[]): Promise<readonly boolean[]> {
    const taken = await insertMessages(run, messages);
    for (const listener of listeners) listener();
    return taken;
  }

  return {
    async prepare() {
      await insertMessages(run, []);
    },
    message: batched(take),
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    keep: batched((arrivals: readonly KeptArrival[]) => insertArrivals(run, arrivals)),
    understood: batched((arrivals: readonly ArrivalKey[]) => markUnderstood(run, arrivals)),
  };
}

async function insertMessages(run: Prepared, messages: readonly ArrivedMessage[]): Promise<readonly boolean[]> {
  const { rows } = await run(
    `insert into inbox (id, platform, external_id, origin, body, received_at)
    select *, clock_timestamp() from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[])
    on conflict (platform, external_id) do nothing returning id`,
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

async function insertArrivals(run: Prepared, arrivals: readonly KeptArrival[]): Promise<readonly boolean[]> {
  const { rows } = await run(
    `insert into arrivals (platform, key, lane, after_key, body, received_at, due_at)
    select *, clock_timestamp(), now() + $6 * interval '1 ms'
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    on conflict (platform, key) do nothing returning platform, key`,
    [
      ...columnsOf(arrivals),
      arrivals.map(({ lane }) => lane),
      arrivals.map(({ after }) => after ?? null),
      arrivals.map(({ body }) => storable(body)),
      graceMs,
    ],
  );
  const kept = new Set(rows.map(({ platform, key }) => `${platform} ${key}`));
  // The same thing twice in one batch: the first one was kept.
  return arrivals.map(({ platform, key }) => kept.delete(`${platform} ${key}`));
}

async function markUnderstood(run: Prepared, arrivals: readonly ArrivalKey[]): Promise<readonly undefined[]> {
  await run(
    `update arrivals set understood_at = now(), body = null
    from unnest($1::text[], $2::text[]) as done (platform, key)
    where arrivals.platform = done.platform and arrivals.key = done.key and understood_at is null`,
    [...columnsOf(arrivals)],
  );
  return arrivals.map(() => undefined);
}

function columnsOf(arrivals: readonly ArrivalKey[]): readonly [platforms: readonly string[], keys: readonly string[]] {
  return [arrivals.map(({ platform }) => platform), arrivals.map(({ key }) => key)];
}

/** What JSON says of a character 0 and of half a surrogate pair; seldom of something else that looks like it. */
const unstorable = /\\u(?:0000|d[89a-f])/i;

/** JSON that Postgres takes: no character 0 and no half of a surrogate pair. Anybody can send those. */
function storable(value: object): string {
  const text = JSON.stringify(value);
  if (!unstorable.test(text)) return text;
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'string' ? each.replaceAll('\0', '').toWellFormed() : each,
  );
}
