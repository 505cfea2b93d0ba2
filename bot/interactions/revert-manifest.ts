import { deliveredChange } from '#core/task/delivered-range.ts';
import type { RevertManifest } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { listProjects } from '#db/projects/projects.ts';
import { type ChangedFile, changedFiles } from '#workers/workspace/changes.ts';
import { effectOf } from '#workers/workspace/revert.ts';
import { previewDeliveredRevert } from '#workers/workspace/revert-delivered.ts';
import type { Application } from '../application.ts';
import { sourceOf } from '../project-file/load.ts';

/** What going back to a checkpoint would do, and the files behind it. */
export interface RevertPreview {
  readonly manifest: RevertManifest;
  readonly files: readonly ChangedFile[];
}

/** Finds out what can be restored before anybody is asked. Changes nothing. */
export async function previewRevert(application: Application, task: TaskState, n: number): Promise<RevertPreview> {
  const checkpoint = task.checkpoints.find((each) => each.n === n);
  const from = task.workspace?.head;
  const project = (await listProjects(application.db)).find((each) => each.projectId === task.project.id);
  if (checkpoint === undefined || from === undefined || project === undefined)
    return nothing('The project', 'it is no longer known');
  const source = sourceOf(application.home, project);
  const change = deliveredChange(task, checkpoint);
  if (change !== undefined) {
    const branch = { ...source, defaultBranch: task.delivery?.branch };
    const preview = await previewDeliveredRevert(branch, change);
    const { verdict, undone, cannot, files } = preview;
    return { manifest: withEffects(task, { verdict, delivered: true, undone, cannot }), files };
  }
  const files = await changedFiles(source.directory, from, checkpoint.commit);
  if (files.length === 0) return nothing('The files', 'they are the same as at that checkpoint');
  const manifest = { verdict: 'eligible', delivered: false, undone: files.map(effectOf), cannot: [] } as const;
  return { manifest: withEffects(task, manifest), files };
}

function nothing(what: string, why: string): RevertPreview {
  return { manifest: { verdict: 'not', delivered: false, undone: [], cannot: [{ what, why }] }, files: [] };
}

/** Steps with effects outside their files are named: no revert of files takes those back. */
function withEffects(task: TaskState, manifest: RevertManifest): RevertManifest {
  const outside = task.steps
    .filter((step) => step.status === 'done' && step.plan.reversible !== true)
    .map((step) => ({ what: `What “${step.plan.name}” did`, why: String(step.plan.reversible) }));
  if (outside.length === 0 || manifest.verdict === 'not') return manifest;
  return { ...manifest, verdict: 'partly', cannot: [...manifest.cannot, ...outside] };
}
