import { join } from 'node:path';
import type { ProjectFile } from '#core/project-file/schema.ts';
import { repositoryPlace } from '#core/run/places.ts';
import type { ProjectSource } from '#core/run/run.ts';
import type { Project } from '#db/projects/projects.ts';
import { WorkspaceError } from '#workers/workspace/errors.ts';
import { gitDirectoryOf } from '#workers/workspace/local-repository.ts';
import { readTip } from '#workers/workspace/read-tip.ts';
import { committedFile, notesOf } from './look-pool.ts';
import { readProjectFile } from './read.ts';

export const projectFileName = 'commander.yaml';

/** A project with what its file declares, or why it can't be used now. */
export type LoadedProject =
  | { readonly ok: true; readonly project: Project; readonly file: ProjectFile }
  | { readonly ok: false; readonly project: Project; readonly problem: string };

/** A project with the place of Commander's own repository of it. */
export function sourceOf(home: string, project: Project): ProjectSource {
  return { ...project, directory: join(home, repositoryPlace(project.projectId)) };
}

/** What was read last, by data directory and project, and what it was read from. */
const known = new Map<string, { readonly from: string; readonly loaded: LoadedProject }>();

/**
 * A project's file as it is committed now: what counts is the commit that work would start from. It is read anew only when that
 * has changed.
 */
export async function loadProject(home: string, project: Project): Promise<LoadedProject> {
  const key = `${home} ${project.projectId}`;
  const from = await stateOf(project);
  const found = known.get(key);
  if (found !== undefined && found.from === from) return found.loaded;
  return shared(reads, `${key} ${from}`, () => readAnew(home, project, from));
}

async function readAnew(home: string, project: Project, from: string | undefined): Promise<LoadedProject> {
  const key = `${home} ${project.projectId}`;
  const loaded = await readProject(home, project);
  // Only what is known to be of that state is kept: it may have moved on while it was read.
  if (from !== undefined && loaded.ok && from === (await stateOf(project))) known.set(key, { from, loaded });
  else known.delete(key);
  return loaded;
}

export type ProjectNotes =
  | { readonly ok: true; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** What a person should know of the project's state, in whole sentences; takes its newest state into our own repository. */
export function projectNotes(home: string, project: Project): Promise<ProjectNotes> {
  return shared(looks, `${home} ${project.projectId}`, () => notesOf(sourceOf(home, project)));
}

/** What is under way: requests of one message are mostly about the same project, and share one look at it. */
const reads = new Map<string, Promise<LoadedProject>>();
const looks = new Map<string, Promise<ProjectNotes>>();

function shared<Result>(
  underWay: Map<string, Promise<Result>>,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = underWay.get(key) ?? work().finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}

/** The state that a project's file belongs to, found without git; `undefined` when that can't be told so cheaply. */
async function stateOf({ kind, location, defaultBranch, name }: Project): Promise<string | undefined> {
  try {
    if (kind !== 'repository') return undefined;
    const tip = await readTip(await gitDirectoryOf(location), defaultBranch ?? 'HEAD');
    return tip === undefined ? undefined : `${name} ${location} ${defaultBranch ?? ''} ${tip}`;
  } catch (error) {
    // What is wrong with it is said by the reading itself.
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}

async function readProject(home: string, project: Project): Promise<LoadedProject> {
  const looked = await committedFile({ source: sourceOf(home, project), name: projectFileName });
  if (!looked.ok) return { ok: false, project, problem: `${project.name}: ${looked.problem}` };
  if (looked.content === undefined) {
    return {
      ok: false,
      project,
      problem: `${project.name} has no ${projectFileName} yet. See docs/runbooks.md for how to write one, and commit it.`,
    };
  }
  const read = readProjectFile(looked.content);
  if (read.ok) return { ok: true, project, file: read.file };
  return { ok: false, project, problem: `${projectFileName} of ${project.name}: ${read.problems.join('; ')}.` };
}
