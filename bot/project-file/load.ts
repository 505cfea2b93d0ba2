import { join } from 'node:path';
import type { ProjectFile } from '#core/project-file/schema.ts';
import { repositoryPlace } from '#core/run/places.ts';
import type { ProjectSource } from '#core/run/run.ts';
import type { Project } from '#db/projects/projects.ts';
import { WorkspaceError } from '#workers/workspace/errors.ts';
import { readFileAt } from '#workers/workspace/read-file.ts';
import { syncSource } from '#workers/workspace/sync.ts';
import { projectFileBytes, readProjectFile } from './read.ts';

export const projectFileName = 'commander.yaml';

/** A project with what its file declares, or why it can't be used now. */
export type LoadedProject =
  | { readonly ok: true; readonly project: Project; readonly file: ProjectFile; readonly notes: readonly string[] }
  | { readonly ok: false; readonly project: Project; readonly problem: string };

/** A project with the place of Commander's own repository of it. */
export function sourceOf(home: string, project: Project): ProjectSource {
  return { ...project, directory: join(home, repositoryPlace(project.projectId)) };
}

/** Reads a project's file from the commit that work would start from: what counts is what is committed. */
export async function loadProject(home: string, project: Project): Promise<LoadedProject> {
  const source = sourceOf(home, project);
  try {
    const { base, notes } = await syncSource(source);
    const content = await readFileAt(source, base, projectFileName, projectFileBytes);
    if (content === undefined) {
      return {
        ok: false,
        project,
        problem: `${project.name} has no ${projectFileName} yet. See docs/runbooks.md for how to write one, and commit it.`,
      };
    }
    const read = readProjectFile(content.toString('utf8'));
    if (read.ok) return { ok: true, project, file: read.file, notes };
    return { ok: false, project, problem: `${projectFileName} of ${project.name}: ${read.problems.join('; ')}.` };
  } catch (error) {
    if (error instanceof WorkspaceError) return { ok: false, project, problem: `${project.name}: ${error.message}` };
    throw error;
  }
}
