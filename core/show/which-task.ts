import { encodeAction } from '#core/chat/button.ts';
import type { Button, Card } from '#core/chat/card.ts';
import type { TaskState } from '#core/task/state.ts';
import { buttonBlocks, line } from './limits.ts';
import { statusPredicate } from './status-words.ts';

/** What can be done with a task by its number alone. */
export type TaskDeed = 'pause' | 'resume' | 'cancel' | 'retry' | 'restart' | 'escalate';

/** So many tasks are offered: two rows of Discord. */
export const offeredTasks = 10;

/** A command named no task: the ones that it could be about, each to be pressed. */
export function showWhichTask(deed: TaskDeed, tasks: readonly TaskState[]): Card {
  const number = tasks[0]?.number ?? 3;
  return {
    key: 'which',
    tone: 'warning',
    title: [tasks.length === 0 ? `There is no task to ${deed}` : `Which task do you want to ${deed}?`],
    summary: `Which task do you want to ${deed}?`,
    blocks: [
      {
        kind: 'text',
        text: [
          'Say its number, for example ',
          { kind: 'code', text: `${deed} #${number}` },
          ', or say it in the task’s thread.',
        ],
      },
      ...buttonBlocks(tasks.slice(0, offeredTasks).map((task) => taskButton(deed, task))),
    ],
  };
}

function taskButton(deed: TaskDeed, task: TaskState): Button {
  return {
    label: `#${task.number} ${line(task.title, 50)} ${statusPredicate(task)}`,
    action: encodeAction({ verb: deed, subject: task.id }),
  };
}
