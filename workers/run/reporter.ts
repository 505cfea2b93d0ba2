import type { JournalReply, RunInput, RunJournal } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import type { TaskState } from '#core/task/state.ts';
import { RunOver } from '../journal/run-over.ts';
import { createSpending, type Spending } from './spending.ts';

/** How a run tells what it does, and learns that it is to stop. */
export interface Reporter {
  /** The task as the last reply showed it. */
  readonly task: TaskState;
  /** What agents have used today. */
  readonly spending: Spending;
  /** Aborts when the run is told to stop, or finds that it lost its task. */
  readonly signal: AbortSignal;
  /** Writes something down that the run goes on from. Throws `RunOver` when the run is no longer the task's own. */
  report(report: RunReport): Promise<TaskState>;
  /** Writes down how the run ended. */
  end(report: RunReport): Promise<void>;
  /** Shows an action; waits for nobody. */
  tell(text: string, code?: string, why?: string): void;
}

/** A reporter for one run. `stop` aborts from outside. */
export function createReporter(
  journal: RunJournal,
  start: Pick<RunInput, 'task' | 'spentToday'>,
  stop: AbortSignal,
): Reporter {
  const lost = new AbortController();
  const spending = createSpending(start);
  let { task } = start;

  async function write(report: RunReport): Promise<JournalReply> {
    const reply = await journal.report(report);
    task = reply.task;
    spending.read(reply);
    return reply;
  }

  return {
    get task() {
      return task;
    },
    spending,
    signal: AbortSignal.any([stop, lost.signal]),
    async report(report) {
      const { live } = await write(report);
      if (!live) throw new RunOver('The task goes on without this run.');
      return task;
    },
    async end(report) {
      await write(report);
    },
    tell(text, code, why) {
      const action = {
        at: new Date().toISOString(),
        text,
        ...(code === undefined ? {} : { code }),
        ...(why === undefined ? {} : { why }),
      };
      write({ type: 'actions', actions: [action] }).then(
        ({ live }) => {
          if (!live) lost.abort('lost');
        },
        () => lost.abort('lost'),
      );
    },
  };
}
