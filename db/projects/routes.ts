import { sql } from 'kysely';
import type { MadeRoute } from '#core/understand/home-project.ts';
import type { Database, Transaction } from '../database.ts';

/** How many routes there can be: all of them are compared with each request. */
export const mostRoutes = 200;

/** All routes, by their words. */
export async function listRoutes({ kysely }: Database): Promise<readonly MadeRoute[]> {
  const rows = await kysely
    .selectFrom('routes')
    .innerJoin('members', 'members.id', 'set_by')
    .innerJoin('projects', 'projects.id', 'routes.project_id')
    .select(['words', 'project_id', 'projects.name as project', 'members.name as set_by', 'set_at'])
    .orderBy('words')
    .execute();
  return rows.map((row) => ({
    words: row.words,
    projectId: row.project_id,
    project: row.project,
    setBy: row.set_by,
    setAt: row.set_at.toISOString(),
  }));
}

export interface NewRoute {
  readonly words: string;
  readonly projectId: string;
  readonly memberId: string;
}

/** Lets words lead to a project, in place of where they led before; false when there are too many routes. Recorded, as whom. */
export async function setRoute(db: Database, { words, projectId, memberId }: NewRoute): Promise<boolean> {
  return db.transaction(async (trx) => {
    // One after the other, so that two at once do not make one too many.
    await sql`lock table routes in share row exclusive mode`.execute(trx);
    const others = await trx
      .selectFrom('routes')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('words', '!=', words)
      .executeTakeFirstOrThrow();
    if (Number(others.count) >= mostRoutes) return false;
    const values = { project_id: projectId, set_by: memberId };
    await trx
      .insertInto('routes')
      .values({ words, ...values })
      .onConflict((conflict) => conflict.column('words').doUpdateSet({ ...values, set_at: sql<Date>`now()` }))
      .execute();
    await record(trx, { memberId, deed: 'route.set', words, projectId });
    return true;
  });
}

/** Takes a route back; false when there is none. Recorded, as whom. */
export async function removeRoute(db: Database, words: string, memberId: string): Promise<boolean> {
  return db.transaction(async (trx) => {
    const row = await trx.deleteFrom('routes').where('words', '=', words).returning('project_id').executeTakeFirst();
    if (row !== undefined) await record(trx, { memberId, deed: 'route.removed', words, projectId: row.project_id });
    return row !== undefined;
  });
}

async function record(
  trx: Transaction,
  { memberId, deed, words, projectId }: NewRoute & { readonly deed: string },
): Promise<void> {
  const detail = JSON.stringify({ words, projectId });
  await trx.insertInto('audit').values({ member_id: memberId, deed, subject: projectId, detail }).execute();
}
