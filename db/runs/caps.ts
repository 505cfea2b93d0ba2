import { type RawBuilder, sql } from 'kysely';
import type { TaskState } from '#core/task/state.ts';
import type { Usage } from './usage.ts';

/** How much may run at once for each; absent: as many as there are slots. */
export interface RunLimits {
  readonly perPerson?: number;
  /** A project's own limit can only be less. */
  readonly perProject?: number;
}

/** What has all the runs that it may have, so that one more must wait for an end of them. */
export type HeldBy = 'person' | 'project' | 'runbook';

/** Which limit keeps a task from starting now; `undefined` when none does. */
export function heldBy(
  task: TaskState,
  usage: Usage,
  { perPerson = Infinity, perProject = Infinity, ofThisProject }: RunLimits & { readonly ofThisProject: number | null },
): HeldBy | undefined {
  if (usage.ofPerson(task) >= perPerson) return 'person';
  if (usage.ofProject(task) >= Math.min(perProject, ofThisProject ?? Infinity)) return 'project';
  return usage.ofRunbook(task) >= (task.understanding.concurrency ?? Infinity) ? 'runbook' : undefined;
}

/** Whether the limit of its person, its project or its runbook keeps a row of `tasks` (joined with `projects`) from starting now. */
export function isHeld(usage: Usage, { perPerson, perProject }: RunLimits): RawBuilder<boolean> {
  const counts = JSON.stringify(usage.counts());
  return sql<boolean>`(ready = 'work' and coalesce(
    (${counts}::jsonb ->> requester_id::text)::int >= ${perPerson ?? null}::int
    or (${counts}::jsonb ->> project_id::text)::int >= least(projects.concurrency, ${perProject ?? null}::int)
    or project_id || ' ' || runbook = any(${usage.fullRunbooks()}::text[]), false))`;
}
