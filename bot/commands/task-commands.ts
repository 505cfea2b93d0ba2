import type { PersonCommand } from '#core/task/commands.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { noticeCard } from './cards.ts';
import { type Command, defineCommand } from './command.ts';
import { findTask, taskOption, taskWords } from './find-task.ts';

interface TaskVerb {
  readonly name: 'pause' | 'resume' | 'cancel' | 'retry' | 'restart' | 'escalate';
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly done: (number: number) => string;
}

const verbs: readonly TaskVerb[] = [
  { name: 'pause', aliases: [], summary: 'Stop after the step under way', done: (n) => `#${n} pauses.` },
  { name: 'resume', aliases: ['continue'], summary: 'Go on with a paused task', done: (n) => `#${n} goes on.` },
  {
    name: 'cancel',
    aliases: ['stop'],
    summary: 'Stop a task and everything that it started',
    done: (n) => `#${n} is being cancelled.`,
  },
  {
    name: 'retry',
    aliases: [],
    summary: 'Go on from the step that failed',
    done: (n) => `#${n} goes on from the step that failed.`,
  },
  {
    name: 'restart',
    aliases: ['run again', 'again'],
    summary: 'Run a task again from its first step',
    done: (n) => `#${n} runs again.`,
  },
  {
    name: 'escalate',
    aliases: ['ask for help'],
    summary: 'Ask others to look at a task that failed',
    done: (n) => `Help is asked for with #${n}.`,
  },
];

/** Commands that change one task; the task's own rules say whether they may. */
export const taskCommands: readonly Command[] = verbs.map(({ name, aliases, summary, done }) =>
  defineCommand({
    name,
    aliases,
    summary,
    usage: `${name} [#number]`,
    options: [taskOption],
    input: taskWords,
    async run(number, context) {
      const task = await findTask(number, context);
      const command: PersonCommand = { type: name };
      const outcome = await commandTask(context.application.db, task.id, command, { actor: context.actor });
      if (!outcome.ok) return [noticeCard(outcome.refusal.message, 'warning')];
      return [noticeCard(done(task.number), 'success')];
    },
  }),
);
