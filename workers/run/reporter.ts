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
  /** Writes something down that the run goes on from. Throws `RunOver` when the run is no longer the task's own, `ReportRefused` when nothing was written. */
  report(report: RunReport): Promise<TaskState>;
  /** Writes down how the run ended. Throws `ReportRefused` when the task has not ended so. */
  end(report: RunReport): Promise<void>;
  /** Shows an action; waits for nobody. */
  tell(text: string, code?: string, why?: string): void;
}

/** The task's rules refuse what its own run reports: the run must not go on as if it were written down. */
export class ReportRefused extends Error {}

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
    if (reply.live && reply.refusal !== undefined && !mayComeTooLate(report)) {
      throw new ReportRefused(reply.refusal.message);
    }
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

/** People edit and drop what they said, also in the moment in which it is taken up. */
function mayComeTooLate({ type }: RunReport): boolean {
  return type === 'note-taken';
}
