import type { Linked } from '#core/chat/page-key.ts';
import type { Database } from '../database.ts';

/** What opens the pages of tasks and outputs; those of public places have none and need none. */
export interface PageKeys {
  readonly ofTasks: ReadonlyMap<number, string>;
  readonly ofOutputs: ReadonlyMap<string, string>;
}

/** The keys of these tasks, by number, and outputs, by id. */
export async function pageKeysOf({ kysely }: Database, { numbers, outputs }: Linked): Promise<PageKeys> {
  const tasks = kysely
    .selectFrom('tasks')
    .innerJoin('threads', 'threads.id', 'tasks.thread_id')
    .where((each) => each.or([each('read_by', 'is', null), each('read_by', '<>', 'everybody')]));
  const ids = [...outputs];
  const [ofTasks, ofOutputs, ofTexts] = await Promise.all([
    numbers.size === 0
      ? []
      : tasks
          .select(['number', 'page_key'])
          .where('number', 'in', [...numbers])
          .execute(),
    ids.length === 0
      ? []
      : tasks
          .innerJoin('outputs', 'outputs.task_id', 'tasks.id')
          .select(['outputs.id', 'page_key'])
          .where('outputs.id', 'in', ids)
          .execute(),
    // The text of an approval that is too long for its card is given out as an output is.
    ids.length === 0
      ? []
      : tasks
          .innerJoin('approvals', 'approvals.task_id', 'tasks.id')
          .select(['approvals.id', 'page_key'])
          .where('approvals.id', 'in', ids)
          .execute(),
  ]);
  return {
    ofTasks: new Map(ofTasks.map(({ number, page_key }) => [number, page_key])),
    ofOutputs: new Map([...ofOutputs, ...ofTexts].map(({ id, page_key }) => [id, page_key])),
  };
}
