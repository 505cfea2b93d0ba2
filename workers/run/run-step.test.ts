import { expect, it } from 'vitest';
import type { RunInput, RunJournal } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import type { PreparedStep, RuntimeEvent, StepEnd } from '../runtimes/runtime.ts';
import { createReporter, ReportRefused } from './reporter.ts';
import { newTask, step } from './run-fixture.ts';
import { runStep } from './run-step.ts';

const { state: task } = newTask([step('s1', [])]);
const start = { task } as Pick<RunInput, 'task' | 'spentToday'>;

/** The run is still the task's own, and none of these reports is written down. */
function refusing(...types: RunReport['type'][]): RunJournal {
  const refusal = { code: 'not_now', message: 'That does not fit.' } as const;
  return { report: async ({ type }) => ({ live: true, task, ...(types.includes(type) ? { refusal } : {}) }) };
}

function saying(event: RuntimeEvent, stopped: () => void): PreparedStep {
  async function* events(): AsyncGenerator<RuntimeEvent> {
    yield event;
    yield { type: 'done' } satisfies StepEnd;
  }
  const action = { shown: '', exact: {}, declaration: {} };
  return { action, start: () => ({ events: events(), stop: async () => stopped() }) };
}

it('does not go on from what could not be written down: the step is stopped, and the run says why', async () => {
  const reporter = createReporter(refusing('agent-moved', 'finished'), start, new AbortController().signal);
  let stopped = 0;
  const running = runStep(
    saying({ type: 'agent-moved', stepId: 's1' }, () => (stopped += 1)),
    reporter,
  );
  await expect(running).rejects.toThrow(new ReportRefused('That does not fit.'));
  expect(stopped).toBe(1);
  await expect(reporter.end({ type: 'finished' })).rejects.toThrow(ReportRefused);
});

it('goes on where somebody dropped what he had said in the moment in which it was taken up', async () => {
  const reporter = createReporter(refusing('note-taken'), start, new AbortController().signal);
  const end = await runStep(
    saying({ type: 'note-taken', noteId: 'n1', revision: 0 }, () => {}),
    reporter,
  );
  expect(end).toEqual({ type: 'done' });
});
