import { sql } from 'kysely';
import { fixedPart } from '#core/project-file/scope.ts';
import type { Transaction } from '../database.ts';

/** The number of a task whose run works on one of these paths of a project already. */
export async function lockHolder(
  trx: Transaction,
  projectId: string,
  scopes: readonly string[],
): Promise<number | undefined> {
  const found = await Promise.all(
    scopes.map((scope) => {
      const prefix = `${projectId}/${asPrefix(scope)}`;
      return sql<{ number: number }>`
        select tasks.number from locks
        join runs on runs.id = locks.run_id
        join tasks on tasks.id = runs.task_id
        where locks.scope && textrange(${prefix}, ${prefix} || chr(1114111))
        limit 1`.execute(trx);
    }),
  );
  return found.flatMap(({ rows }) => rows)[0]?.number;
}

/** Takes the paths for a run until it ends; a constraint of the table refuses what somebody else holds. */
export async function takeLocks(
  trx: Transaction,
  run: { readonly id: string; readonly projectId: string },
  scopes: readonly string[],
): Promise<void> {
  const outer = scopes
    .map(asPrefix)
    .filter(
      (path, index, all) =>
        !all.some((other, at) => at !== index && path.startsWith(other) && (path !== other || at < index)),
    );
  if (outer.length === 0) return;
  await trx
    .insertInto('locks')
    .values(outer.map((path) => ({ run_id: run.id, project_id: run.projectId, path })))
    .execute();
}

/** Every path ends in '/', files too: else "src/a.ts" would also lock "src/a.tsx". A pattern locks the folder that it lies in. */
function asPrefix(path: string): string {
  const fixed = fixedPart(path);
  return fixed === '' ? '' : `${fixed}/`;
}
