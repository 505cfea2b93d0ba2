import type { ShowWorld } from '#core/show/world.ts';
import type { TaskState } from '#core/task/state.ts';
import { placeInQueue } from '#db/runs/place-in-queue.ts';
import type { Application } from './application.ts';

/** What a task's cards and explanations tell beside its own state. */
export async function showWorld({ db, limits }: Application, task: TaskState): Promise<ShowWorld> {
  const queue = task.ready === 'work' ? await placeInQueue(db, task, limits) : undefined;
  return queue === undefined ? {} : { queue };
}
