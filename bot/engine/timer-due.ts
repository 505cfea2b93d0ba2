import { commandTask } from '#db/tasks/change-task.ts';
import type { Timer } from '#db/timers.ts';
import type { Application } from '../application.ts';

/** Does what a timer was set for. One that is no longer wanted, or comes twice, is refused by the rules themselves. */
export async function timerDue({ db }: Application, timer: Timer): Promise<void> {
  switch (timer.kind) {
    case 'retry':
      await commandTask(db, timer.taskId, { type: 'retry-due' });
      return;
    case 'question':
      await commandTask(db, timer.taskId, { type: 'question-due', questionId: timer.questionId });
      return;
  }
}
