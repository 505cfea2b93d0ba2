import { sql } from 'kysely';
import type { ProjectSource } from '#core/run/run.ts';
import type { Database } from '../database.ts';
import { newId } from '../id.ts';

/** A project as it is stored; where its repository lies in the data directory is the caller's to add. */
export interface Project extends Omit<ProjectSource, 'directory'> {
  readonly addedBy?: string;
  /** Runs in it at once, as its file said last; absent: no limit of its own. */
  readonly concurrency?: number;
}

/** Fits the project of that name, in whatever case. */
export function isCalled(name: string): (project: Pick<Project, 'name'>) => boolean {
  const wanted = name.toLowerCase();
  return (project) => project.name.toLowerCase() === wanted;
}

/** All projects, by name. */
export async function listProjects(db: Database): Promise<readonly Project[]> {
  const rows = await db.kysely
    .selectFrom('projects')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    projectId: row.id,
    name: row.name,
    kind: row.kind,
    location: row.location,
    defaultBranch: row.default_branch ?? undefined,
    concurrency: row.concurrency ?? undefined,
  }));
}

/** Keeps a project's own limit where admission finds it. */
export async function setConcurrency(db: Database, projectId: string, concurrency: number | undefined): Promise<void> {
  await db.kysely
    .updateTable('projects')
    .set({ concurrency: concurrency ?? null })
    .where('id', '=', projectId)
    .execute();
}

export interface NewProject {
  readonly name: string;
  readonly kind: ProjectSource['kind'];
  readonly location: string;
  readonly defaultBranch?: string;
  readonly addedBy?: string;
}

/** Adds a project, or returns the one of the same place. A name that is taken gets a number. */
export async function addProject(
  db: Database,
  project: NewProject,
): Promise<{ readonly project: Project; readonly new: boolean }> {
  const known = (await listProjects(db)).find((each) => each.location === project.location);
  if (known !== undefined) return { project: known, new: false };
  const id = newId();
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? project.name : `${project.name}-${count}`;
    const row = await db.kysely
      .insertInto('projects')
      .values({
        id,
        name,
        kind: project.kind,
        location: project.location,
        default_branch: project.defaultBranch ?? null,
        added_by: project.addedBy ?? null,
      })
      .onConflict((conflict) => conflict.expression(sql`lower(name)`).where('removed_at', 'is', null).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row !== undefined) return { project: { projectId: id, ...project, name }, new: true };
  }
}
