import { type RawBuilder, sql } from 'kysely';
import { kindRules, type OutputKind } from '#core/run/output-kind.ts';
import type { PublishedOutput } from '#core/task/output.ts';
import type { Database } from '../database.ts';
import { isId } from '../id.ts';
import { countKeptBack, type Eyes, mayBeSeen } from '../tasks/visible.ts';

/** A stored output with what it came from. */
export interface StoredOutput extends PublishedOutput {
  readonly madeAt: string;
  readonly runId?: string;
  readonly task: { readonly id: string; readonly number: number; readonly title: string };
  readonly project: { readonly id: string; readonly name: string };
  readonly requester: { readonly memberId: string; readonly name: string };
}

/** Which outputs; all that is said holds. */
export interface OutputFilter {
  /** Of tasks that these may see. */
  readonly eyes: Eyes;
  readonly taskId?: string;
  readonly projectId?: string;
  /** Of tasks that one of these members asked for. */
  readonly members?: readonly string[];
  readonly kind?: OutputKind;
  /** Part of a name, in whatever case. */
  readonly name?: string;
  /** Also those that a newer version of the same task took the place of. */
  readonly versions?: 'newest' | 'all';
}

export interface FoundOutputs {
  readonly outputs: readonly StoredOutput[];
  /** How many there are beyond these, counted up to `countedBeyond`. */
  readonly more: number;
  /** Of the viewer's own tasks, and not shown where he asks, because others read there. */
  readonly keptBack: number;
}

/** What lies beyond a page is counted no further. */
const countedBeyond = 1000;

/** A page of outputs, the newest first. */
export async function findOutputs(
  db: Database,
  filter: OutputFilter,
  { limit, offset = 0 }: { readonly limit: number; readonly offset?: number },
): Promise<FoundOutputs> {
  const { kysely } = db;
  const fitting = filtered(kysely, filter);
  const found = fitting.where(mayBeSeen(filter.eyes));
  const [rows, all, keptBack] = await Promise.all([
    selected(found)
      .orderBy('outputs.made_at', 'desc')
      .orderBy('outputs.id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
    kysely
      .selectFrom(
        found
          .select('outputs.id')
          .limit(offset + limit + countedBeyond)
          .as('found'),
      )
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow(),
    countKeptBack(db, filter.eyes, fitting),
  ]);
  return { outputs: rows.map(outputOf), more: Math.max(0, Number(all.count) - offset - rows.length), keptBack };
}

/** A stored output by its id, which may be any text; one that these eyes may not see is as none. */
export async function storedOutput({ kysely }: Database, id: string, eyes: Eyes): Promise<StoredOutput | undefined> {
  if (!isId(id)) return undefined;
  const row = await selected(filtered(kysely, { eyes, versions: 'all' }))
    .where('outputs.id', '=', id)
    .where(mayBeSeen(eyes))
    .executeTakeFirst();
  return row && outputOf(row);
}

interface Limited {
  readonly eyes: Eyes;
  readonly limit: number;
}

/** Outputs of a project that are called so, whichever task made them, the newest first. */
export async function sameName(
  { kysely }: Database,
  { project, name }: Pick<StoredOutput, 'project' | 'name'>,
  { eyes, limit }: Limited,
): Promise<readonly StoredOutput[]> {
  const rows = await selected(filtered(kysely, { eyes, projectId: project.id, versions: 'all' }))
    .where('outputs.name', '=', name)
    .where(mayBeSeen(eyes))
    .orderBy('outputs.made_at', 'desc')
    .orderBy('outputs.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(outputOf);
}

/** Tasks that were given an output, the newest first. */
export async function tasksGiven(
  { kysely }: Database,
  outputId: string,
  { eyes, limit }: Limited,
): Promise<readonly { readonly number: number; readonly title: string }[]> {
  return kysely
    .selectFrom('given_outputs')
    .innerJoin('tasks', 'tasks.id', 'given_outputs.task_id')
    .select(['tasks.number', 'tasks.title'])
    .where('given_outputs.output_id', '=', outputId)
    .where(mayBeSeen(eyes))
    .orderBy('tasks.number', 'desc')
    .limit(limit)
    .execute();
}

function filtered(
  kysely: Database['kysely'],
  { taskId, projectId, members, kind, name, versions = 'newest' }: OutputFilter,
) {
  let outputs = kysely
    .selectFrom('outputs')
    .innerJoin('tasks', 'tasks.id', 'outputs.task_id')
    .innerJoin('projects', 'projects.id', 'outputs.project_id')
    .innerJoin('members', 'members.id', 'tasks.requester_id');
  if (taskId !== undefined) outputs = outputs.where('outputs.task_id', '=', taskId);
  if (projectId !== undefined) outputs = outputs.where('outputs.project_id', '=', projectId);
  if (members !== undefined) outputs = outputs.where('tasks.requester_id', 'in', [...members]);
  if (kind !== undefined) outputs = outputs.where(kindColumn, '=', kind);
  if (name !== undefined) outputs = outputs.where('outputs.name', 'ilike', `%${name.replaceAll(/[\\%_]/g, '\\$&')}%`);
  if (versions === 'newest') {
    outputs = outputs.where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('outputs as later')
            .select('later.id')
            .where('later.task_id', '=', ref('outputs.task_id'))
            .where('later.name', '=', ref('outputs.name'))
            .where('later.version', '>', ref('outputs.version')),
        ),
      ),
    );
  }
  return outputs;
}

/** The kind of a row, by the same rules as `kindOf`. */
const kindColumn: RawBuilder<OutputKind> = sql`case ${sql.join(
  kindRules.map(({ kind, types, beginnings }) => {
    const fits = [
      ...types.map((type) => sql`outputs.media_type = ${type}`),
      ...beginnings.map((beginning) => sql`starts_with(outputs.media_type, ${beginning})`),
    ];
    return sql`when ${sql.join(fits, sql` or `)} then ${kind}`;
  }),
  sql` `,
)} else 'other' end`;

function selected(outputs: ReturnType<typeof filtered>) {
  return outputs
    .select(['outputs.id', 'outputs.name', 'outputs.media_type', 'outputs.size', 'outputs.sha256', 'outputs.version'])
    .select(['outputs.made_at', 'outputs.run_id', 'outputs.task_id', 'tasks.number', 'tasks.title'])
    .select(['outputs.project_id', 'projects.name as project', 'tasks.requester_id', 'members.name as requester']);
}

type Row = Awaited<ReturnType<ReturnType<typeof selected>['executeTakeFirstOrThrow']>>;

function outputOf(row: Row): StoredOutput {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    size: Number(row.size),
    sha256: row.sha256,
    version: row.version,
    madeAt: row.made_at.toISOString(),
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    task: { id: row.task_id, number: row.number, title: row.title },
    project: { id: row.project_id, name: row.project },
    requester: { memberId: row.requester_id, name: row.requester },
  };
}
