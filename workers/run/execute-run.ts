import { join } from 'node:path';
import type { OtherTasks } from '#core/run/other-tasks.ts';
import { defectLogPlace } from '#core/run/places.ts';
import type { RunInput, RunJournal, RunTalk } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import type { RunKind } from '#core/task/state.ts';
import { RunOver } from '../journal/run-over.ts';
import { carryOutDelivery } from '../operations/carry-out-delivery.ts';
import { carryOutRevert } from '../operations/carry-out-revert.ts';
import { doWork } from './do-work.ts';
import { createReporter } from './reporter.ts';
import type { Run } from './run.ts';
import { explainProblem } from './run-problem.ts';

export interface RunStart {
  readonly input: RunInput;
  readonly journal: RunJournal;
  /** Aborts with a `StopReason` when the run is to stop. */
  readonly signal: AbortSignal;
  /** What people say to the run, before it began and while it works. */
  readonly talk: RunTalk;
  readonly otherTasks: OtherTasks;
}

/** Executes a run from its claim to its end. Whatever happens is reported; when it resolves, nothing of it runs any more. */
export async function executeRun({ input, journal, signal, talk, otherTasks }: RunStart): Promise<void> {
  const reporter = createReporter(journal, input, signal);
  const kind = input.task.run?.kind ?? 'work';
  try {
    await execute[kind]({ input, reporter, talk, otherTasks });
  } catch (error) {
    if (error instanceof RunOver || reporter.signal.reason === 'lost') return;
    const report = reporter.signal.aborted ? ({ type: 'stopped' } as const) : await failure(kind, input, error);
    await reporter.end(report).catch(unlessOver);
  }
}

const execute: Readonly<Record<RunKind, (run: Run) => Promise<void>>> = {
  work: doWork,
  deliver: carryOutDelivery,
  revert: carryOutRevert,
};

async function failure(kind: RunKind, input: RunInput, error: unknown): Promise<RunReport> {
  const reason = await explainProblem(error, join(input.home, defectLogPlace(input.task.number)));
  switch (kind) {
    case 'work':
      return { type: 'failed', reason };
    case 'deliver':
      return { type: 'delivery-refused', reason };
    case 'revert':
      return { type: 'revert-refused', reason };
  }
}

function unlessOver(error: unknown): void {
  if (!(error instanceof RunOver)) throw error;
}
