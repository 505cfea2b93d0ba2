import type { Place } from '#core/policy/visibility.ts';
import type { ShowWorld } from '#core/show/world.ts';
import { isFinal } from '#core/task/parts.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Database } from '#db/database.ts';
import { choicesOfTask } from '#db/preferences/preferences.ts';
import { placeInQueue } from '#db/runs/place-in-queue.ts';
import { estimateOf } from '#db/tasks/estimate.ts';
import { placeOfTask } from '#db/tasks/visible.ts';
import type { Application } from './application.ts';

/** All that a task's thread and its explanation tell beside its own state, and how they tell it. `at`: its place, where that is known. */
export async function presentedWorld(application: Application, task: TaskState, at?: Place): Promise<ShowWorld> {
  const { db } = application;
  const [world, choices, place] = await Promise.all([
    showWorld(application, task),
    choicesOfTask(db, task.id),
    at ?? placeOfTask(db.kysely, task.id),
  ]);
  return { ...world, choices, place };
}

/** What a task's cards tell beside its own state. */
export async function showWorld({ db, limits }: Application, task: TaskState): Promise<ShowWorld> {
  if (isFinal(task)) return {};
  const [queue, estimateMs] = await Promise.all([
    task.ready === 'work' ? placeInQueue(db, task, limits) : undefined,
    estimateOnce(db, task),
  ]);
  return { ...(queue === undefined ? {} : { queue }), ...(estimateMs === undefined ? {} : { estimateMs }) };
}

/** Tasks whose estimates are remembered: those under way, and more. */
const rememberedTasks = 1000;

const estimates = new WeakMap<Database, Map<string, Promise<number | undefined>>>();

/** A task's estimate stays what it was first said to be, as long as this process remembers. */
function estimateOnce(db: Database, task: TaskState): Promise<number | undefined> {
  const known = estimates.get(db) ?? new Map<string, Promise<number | undefined>>();
  estimates.set(db, known);
  const found = known.get(task.id);
  if (found !== undefined) return found;
  const [oldest] = known.keys();
  if (known.size >= rememberedTasks && oldest !== undefined) known.delete(oldest);
  const made = estimateOf(db, task);
  known.set(task.id, made);
  made.catch(() => known.delete(task.id));
  return made;
}
