import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { Database } from '../database.ts';

/** The coding agents that some worker can start now, the one to prefer first. */
export async function listAgents(db: Database): Promise<readonly NamedAgent[]> {
  const rows = await db.kysely
    .selectFrom('workers')
    .select('agents')
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .execute();
  return [...new Map(rows.flatMap(({ agents }) => agents.map((agent) => [agent.id, agent]))).values()];
}
