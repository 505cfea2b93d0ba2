import { DummyDriver, type Kysely, Transaction as KyselyTransaction, type PostgresDialect } from 'kysely';
import type { Schema } from './schema.ts';

export type Transaction = KyselyTransaction<Schema>;

/** Runs `work` in a transaction of its own: commits what it did when it returns, and nothing when it throws. */
export type Transact = <Result>(work: (trx: Transaction) => Promise<Result>) => Promise<Result>;

/** Something was asked of a transaction after its end: `work` did not wait for all that it had begun. */
export class TransactionOver extends Error {
  readonly code = 'transaction_over';
}

/**
 * Transactions whose statements wait for each other only where the code waits: those of one `Promise.all` go out together, in the
 * order in which they are asked for, and cost one round trip. (Kysely's own transactions send a statement when the one before
 * is answered.) When one fails, Postgres refuses those behind it.
 */
export function transactions(kysely: Kysely<Schema>, dialect: PostgresDialect): Transact {
  // A transaction opens no connections, so its driver is never asked for one.
  const props = { config: { dialect }, dialect, driver: new DummyDriver() };
  return (work) =>
    kysely.transaction().execute((trx) => {
      const executor = trx.getExecutor();
      return executor.provideConnection(async (connection) => {
        let over = false;
        const provider = {
          provideConnection: async <T>(use: (each: typeof connection) => Promise<T>): Promise<T> => {
            // Sent behind the end, it would stand for itself.
            if (over) throw new TransactionOver('A statement came after the end of its transaction.');
            return use(connection);
          },
        };
        try {
          return await work(new KyselyTransaction({ ...props, executor: executor.withConnectionProvider(provider) }));
        } finally {
          over = true;
        }
      });
    });
}
