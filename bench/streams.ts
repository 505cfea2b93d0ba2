import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { openDatabase } from '#db/database.ts';

/** How long tasks may take to start and to end on a busy machine, in milliseconds. */
export const patienceMs = 120_000;

const lookMs = 50;

/** Tasks that say something all the time. */
export interface Streams {
  readonly tasks: number;
  readonly seconds: number;
}

/**
 * A runbook for each, `stream0` and so on, of places of their own: four lines a second without a process for each; or, when the
 * processor is to be short (`BENCH_BUSY`), as many as one of all these can.
 */
export function streamRunbooks({ tasks, seconds }: Streams): Readonly<Record<string, object>> {
  const rest =
    process.env.BENCH_BUSY === undefined
      ? 'read -t 0.25 -u 3 || true'
      : 'for ((turn = 0; turn < 20000; turn += 1)); do :; done';
  const say = `exec 3<> <(:); while ((SECONDS < ${seconds})); do echo "line $((line += 1))"; ${rest}; done`;
  return Object.fromEntries(
    Array.from({ length: tasks }, (_, index) => [
      `stream${index}`,
      {
        summary: 'Streams',
        // Of one place only one may be at work.
        scope: [`part${index}`],
        steps: [{ name: 'Stream', run: say, shell: 'bash', approve: false, reversible: true }],
      },
    ]),
  );
}

/** What the database of a whole Commander says of them. */
export async function watchStreams(databaseUrl: string, { tasks, seconds }: Streams) {
  const log = pino({ level: 'silent' });
  const db = await openDatabase({ url: databaseUrl, application: 'bench', role: 'worker', log });

  async function until(what: string, isThere: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + patienceMs + seconds * 1000;
    while (!(await isThere())) {
      if (Date.now() > end) throw new Error(`${what} did not come`);
      await pause(lookMs);
    }
  }

  /** When each ended, by its thread, in milliseconds since 1970. */
  async function ends(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ thread: string; at: number }>`
      select threads.thread, (extract(epoch from finished_at) * 1000)::float as at
      from tasks join threads on threads.id = tasks.thread_id
      where finished_at is not null and tasks.runbook like 'stream%'`.execute(db.kysely);
    return new Map(rows.map(({ thread, at }) => [thread, at]));
  }

  return {
    ends,
    started: () =>
      until('the start of all', async () => {
        const { rows } = await sql`select from runs where claimed_at is not null`.execute(db.kysely);
        return rows.length >= tasks;
      }),
    ended: () => until('the end of all', async () => (await ends()).size === tasks),
    /** Every thread shows what its task is now. */
    shown: () =>
      until('the view of the ends', async () => {
        const { rows } = await sql`
          select from tasks left join presented on presented.task_id = tasks.id
          where presented.seq is null or presented.seq < tasks.seq`.execute(db.kysely);
        return rows.length === 0;
      }),
    /** Attempts of these tasks: as many as tasks when none was lost. */
    async runs(): Promise<number> {
      const { rows } = await sql`
        select from runs join tasks on tasks.id = runs.task_id where tasks.runbook like 'stream%'`.execute(db.kysely);
      return rows.length;
    },
    /** When an approval was asked, by the thread, in milliseconds since 1970. */
    async askedAt(): Promise<ReadonlyMap<string, number>> {
      const { rows } = await sql<{ thread: string; at: number }>`
        select threads.thread, (extract(epoch from asked_at) * 1000)::float as at
        from approvals join tasks on tasks.id = approvals.task_id join threads on threads.id = tasks.thread_id`.execute(
        db.kysely,
      );
      return new Map(rows.map(({ thread, at }) => [thread, at]));
    },
    close: () => db.close(),
  };
}
