import type { Card } from '#core/chat/card.ts';
import { offeredTasks, showWhichTask, type TaskDeed } from '#core/show/which-task.ts';
import { decide } from '#core/task/decide.ts';
import { newId } from '#db/id.ts';
import { findTasks } from '#db/tasks/find-tasks.ts';
import type { CommandContext } from './command.ts';

/** Of the newest tasks these are looked at. */
const lookedAt = 50;

const standings = {
  pause: 'open',
  resume: 'open',
  cancel: 'open',
  retry: 'ended',
  restart: 'ended',
  escalate: 'ended',
} as const satisfies Readonly<Record<TaskDeed, 'open' | 'ended'>>;

/** Asks which task is meant: those with which this person may do it now, his own first. */
export async function whichTask(deed: TaskDeed, { application, actor, viewer: eyes }: CommandContext): Promise<Card> {
  const standing = standings[deed];
  const members = [actor.memberId];
  const [own, others] = await Promise.all([
    findTasks(application.db, { eyes, standing, by: { members } }, { limit: lookedAt }),
    findTasks(application.db, { eyes, standing, by: { members, others: true } }, { limit: lookedAt }),
  ]);
  const context = { now: new Date().toISOString(), newId, actor };
  const fits = [...own.tasks, ...others.tasks].filter((task) => decide(task, { type: deed }, context).ok);
  return showWhichTask(deed, fits.slice(0, offeredTasks));
}
