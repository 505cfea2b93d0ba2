import { planChecks } from '#core/project-file/plan.ts';
import type { Runbook } from '#core/project-file/schema.ts';
import type { TaskState } from '#core/task/state.ts';
import type { VerifyCommand } from '#core/task/understanding.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Application } from '../application.ts';
import { loadProject } from '../project-file/load.ts';

/** The runbook of a task, or of a request that waits for its inputs, as its project declares it now, with its checks; or why there is none. */
export async function findRunbook(
  { db, home }: Application,
  task: Pick<TaskState, 'project' | 'runbook'>,
): Promise<
  | { readonly ok: true; readonly runbook: Runbook; readonly verify: readonly VerifyCommand[] }
  | { readonly ok: false; readonly problem: string }
> {
  const project = (await listProjects(db)).find((each) => each.projectId === task.project.id);
  if (project === undefined) return { ok: false, problem: `The project ${task.project.name} was removed.` };
  const loaded = await loadProject(home, project);
  if (!loaded.ok) return { ok: false, problem: loaded.problem };
  const runbook = loaded.file.runbooks[task.runbook.id];
  if (runbook === undefined)
    return { ok: false, problem: `${project.name} no longer declares “${task.runbook.name}”.` };
  return { ok: true, runbook, verify: planChecks(runbook.verify ?? loaded.file.verify) };
}
