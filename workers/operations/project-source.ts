import type { ProjectSource } from '#core/run/run.ts';

/** The project at the branch that the work began from, should the project have been set to another one since. */
export function projectSource(project: ProjectSource, branch: string): ProjectSource {
  return branch === 'HEAD' ? project : { ...project, defaultBranch: branch };
}
