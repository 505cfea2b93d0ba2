import { commandTask } from '#db/tasks/change-task.ts';
import type { Timer } from '#db/timers.ts';
import type { Application } from '../application.ts';
import { endAsk } from '../intake/end-ask.ts';
import { bringToMind } from './remind.ts';

/** Does what a timer was set for. One that is no longer wanted, or comes twice, is refused by the rules themselves. */
export async function timerDue(application: Application, timer: Timer): Promise<void> {
  const { db } = application;
  switch (timer.kind) {
    case 'retry':
      await commandTask(db, timer.taskId, { type: 'retry-due' });
      return;
    case 'question':
      await commandTask(db, timer.taskId, { type: 'question-due', questionId: timer.questionId });
      return;
    case 'ask':
      await endAsk(application, timer);
      return;
    case 'remind':
    case 'remind-ask':
      await bringToMind(application, timer);
      return;
  }
}
