import { sql } from 'kysely';
import { nothingSpent, type SpentToday, since, spentOn } from '#core/agents/budget.ts';
import type { AgentSpent } from '#core/task/agent-work.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database, Transaction } from '../database.ts';

/** What a change of a task added to what its agents have used is added to their day. */
export async function recordUsage(
  trx: Transaction,
  { before, after }: { readonly before: TaskState; readonly after: TaskState },
): Promise<void> {
  if (before.steps === after.steps) return;
  const used = since(spentOn(after.steps), spentOn(before.steps));
  // A step that begins anew takes nothing back.
  if (used.turns <= 0 && used.timeMs <= 0 && used.tokens <= 0 && used.cost <= 0) return;
  await sql`
    insert into agent_usage (day, task_id, project_id, member_id, turns, time_ms, tokens, cost)
    values ((now() at time zone 'utc')::date, ${after.id}, ${after.project.id}, ${after.requester.memberId},
      ${used.turns}, ${used.timeMs}, ${used.tokens}, ${used.cost})
    on conflict (day, task_id) do update set turns = agent_usage.turns + excluded.turns,
      time_ms = agent_usage.time_ms + excluded.time_ms, tokens = agent_usage.tokens + excluded.tokens,
      cost = agent_usage.cost + excluded.cost`.execute(trx);
}

/** What agents have used today (UTC) for a task's person, and in its project; this task included. */
export async function spentToday(executor: Database['kysely'] | Transaction, task: TaskState): Promise<SpentToday> {
  const sums = await sql<Record<'person' | 'project', AgentSpent>>`
    select ${sumWhere(sql`member_id = ${task.requester.memberId}`)} as person,
      ${sumWhere(sql`project_id = ${task.project.id}`)} as project
    from agent_usage
    where day = (now() at time zone 'utc')::date
      and (member_id = ${task.requester.memberId} or project_id = ${task.project.id})`.execute(executor);
  return sums.rows[0] ?? { person: nothingSpent, project: nothingSpent };
}

function sumWhere(condition: ReturnType<typeof sql>) {
  const sum = (column: string) => sql`coalesce(sum(${sql.ref(column)}) filter (where ${condition}), 0)`;
  return sql`jsonb_build_object('turns', ${sum('turns')}, 'timeMs', ${sum('time_ms')}, 'tokens', ${sum('tokens')},
    'cost', ${sum('cost')})`;
}
