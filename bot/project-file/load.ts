import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFile } from '#core/project-file/schema.ts';
import { repositoryPlace } from '#core/run/places.ts';
import type { ProjectSource } from '#core/run/run.ts';
import type { Route } from '#core/understand/home-project.ts';
import type { Project } from '#db/projects/projects.ts';
import { WorkspaceError } from '#workers/workspace/errors.ts';
import { gitDirectoryOf } from '#workers/workspace/local-repository.ts';
import { readTip } from '#workers/workspace/read-tip.ts';
import { committedFile, notesOf } from './look-pool.ts';
import { readProjectFile } from './read.ts';

export const projectFileName = 'commander.yaml';

/** A project with what its file declares, or why it can't be used now. */
export type LoadedProject = ReadyProject | { readonly ok: false; readonly project: Project; readonly problem: string };

export interface ReadyProject {
  readonly ok: true;
  readonly project: Project;
  readonly file: ProjectFile;
  /** What a person should know of its state, where the look at its file has told that too. */
  readonly notes?: readonly string[];
}

/** A project with the place of Commander's own repository of it. */
export function sourceOf(home: string, project: Project): ProjectSource {
  return { ...project, directory: join(home, repositoryPlace(project.projectId)) };
}

/** What was read last, by data directory and project, and the state that it was read from. */
const known = new Map<string, Known>();

interface Known {
  readonly state: string;
  readonly commit: string;
  readonly loaded: ReadyProject;
}

/**
 * A project's file as it is committed now: what counts is the commit that work would start from. It is read anew only when that
 * has changed.
 */
export async function loadProject(home: string, project: Project): Promise<LoadedProject> {
  const key = `${home} ${project.projectId}`;
  const state = await stateOf(project);
  const found = known.get(key);
  if (found !== undefined && found.state === state) return found.loaded;
  return shared(reads, `${key} ${state}`, () => readAnew(home, project));
}

async function readAnew(home: string, project: Project): Promise<LoadedProject> {
  const key = `${home} ${project.projectId}`;
  const before = known.get(key);
  const looked = await committedFile({ source: sourceOf(home, project), name: projectFileName, known: before?.commit });
  if (!looked.ok) return { ok: false, project, problem: `${project.name}: ${looked.problem}` };
  const { commit, content, notes } = looked;
  const same = before !== undefined && before.commit === commit;
  const read = same ? { ...before.loaded, project } : readProject(project, content);
  if (read.ok) known.set(key, { state: stateAt(project, commit), commit, loaded: read });
  else known.delete(key);
  return read.ok && notes !== undefined ? { ...read, notes } : read;
}

/** The words that a project's own file leads to it. */
export function declaredRoutes({ project: { projectId, name }, file }: ReadyProject): readonly Route[] {
  return file.routes.map((words) => ({ words, projectId, project: name }));
}

export type ProjectNotes =
  | { readonly ok: true; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** What a person should know of the project's state, in whole sentences; takes its newest state into our own repository. */
export async function projectNotes(home: string, { project, notes }: ReadyProject): Promise<ProjectNotes> {
  if (notes !== undefined) return { ok: true, notes };
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
async function stateOf(project: Project): Promise<string | undefined> {
  try {
    if (project.kind !== 'repository') return undefined;
    const tip = await readTip(await gitDirectoryOf(project.location), project.defaultBranch ?? 'HEAD');
    return tip === undefined ? undefined : stateAt(project, tip);
  } catch (error) {
    // What is wrong with it is said by the reading itself.
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}

function stateAt({ name, location, defaultBranch }: Project, commit: string): string {
  return `${name} ${location} ${defaultBranch ?? ''} ${commit}`;
}

function readProject(project: Project, content: string | undefined): LoadedProject {
  if (content === undefined) return { ok: false, project, problem: missing(project) };
  const read = readProjectFile(content);
  if (read.ok) return { ok: true, project, file: read.file };
  const committed = project.kind === 'folder' ? '' : ' What counts is the file as it is committed.';
  const problem = `${projectFileName} of ${project.name}: ${read.problems.join('; ')}.${committed}`;
  return { ok: false, project, problem };
}

/** Whoever wrote the file just now has to commit it first; others have to be told of it. */
function missing({ name, kind, location }: Project): string {
  if (kind === 'repository' && existsSync(join(location, projectFileName))) {
    return `${projectFileName} of ${name} is not committed yet, and only what is committed counts. Commit it, then try again.`;
  }
  const commit = kind === 'folder' ? '' : ', and commit it';
  return `${name} has no ${projectFileName} yet. See docs/runbooks.md for how to write one${commit}.`;
}
