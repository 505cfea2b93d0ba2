import { withKey } from '#core/chat/page-key.ts';
import type { TaskState } from '#core/task/state.ts';
import { pageKeysOf } from '#db/tasks/page-keys.ts';
import { threadOfTask } from '#db/tasks/queries.ts';
import type { Application } from './application.ts';

/** Where the thread of a task is, on its platform; `undefined` when it has none or the platform is not here. */
export async function threadHref({ db, adapters }: Application, task: TaskState): Promise<string | undefined> {
  const address = await threadOfTask(db, task.id);
  return address === undefined ? undefined : adapters.get(address.platform)?.linkTo(address);
}

/**
 * Where somebody on `platform` finds a task: its thread where that is there too, else its page, because not everybody who is on
 * one platform is on the other.
 */
export async function taskHref({ db, adapters }: Application, task: TaskState, platform: string): Promise<string> {
  const address = await threadOfTask(db, task.id);
  const thread = address?.platform === platform ? await adapters.get(platform)?.linkTo(address) : undefined;
  if (thread !== undefined) return thread;
  const { ofTasks } = await pageKeysOf(db, { numbers: new Set([task.number]), outputs: new Set() });
  return withKey(`/tasks/${task.number}`, ofTasks.get(task.number));
}
