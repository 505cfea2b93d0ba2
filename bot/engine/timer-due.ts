import { heldChoice } from '#core/preferences/resolve.ts';
import type { Database } from '#db/database.ts';
import { choicesOfTask } from '#db/preferences/preferences.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import type { Timer } from '#db/timers.ts';
import type { Application } from '../application.ts';
import { endAsk } from '../intake/end-ask.ts';

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
      if (await wantsReminders(db, timer.taskId)) {
        await commandTask(db, timer.taskId, { type: 'remind', askedId: timer.askedId });
      }
      return;
  }
}

async function wantsReminders(db: Database, taskId: string): Promise<boolean> {
  return heldChoice('reminders', await choicesOfTask(db, taskId))?.value !== 'off';
}
