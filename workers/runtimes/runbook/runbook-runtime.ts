import { join } from 'node:path';
import { classifyFailure } from '#core/project-file/failure.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { outputActionText } from '#core/task/parts.ts';
import { shorten } from '#core/text/shorten.ts';
import { briefCommand } from '#core/text/shown-command.ts';
import type { RunningCommand } from '../../process/command.ts';
import { baseEnvironment } from '../../process/environment.ts';
import { startCommand } from '../../process/start-command.ts';
import type { PreparedStep, Runtime, RuntimeEvent, StepContext } from '../runtime.ts';
import { exactAction, inputVariables } from './exact-action.ts';
import { newest } from './newest.ts';

/** How often a step's newest line of output is shown, in milliseconds. */
const outputIntervalMs = 1_000;

/** Of a command or a line in an action row: about what a phone shows of it. */
const actionLength = 200;

/** Carries out steps that are commands declared in the project's file. Inputs reach them as arguments and variables only. */
export const runbookRuntime: Runtime = {
  prepare(step: PlannedStep, context: StepContext): PreparedStep {
    return {
      action: exactAction(step, context.task, context.head),
      start: () => {
        const command = startCommand(specOf(step, context));
        return { events: follow(step, command), stop: () => command.stop() };
      },
    };
  },
};

function specOf(step: PlannedStep, context: StepContext): Parameters<typeof startCommand>[0] {
  const { task, files, folder, runId, memoryBytes, logFile } = context;
  const [command = '', ...args] = step.argv;
  const env = baseEnvironment({
    HOME: files.home,
    ...step.env,
    ...inputVariables(task),
    COMMANDER_TASK: String(task.number),
    COMMANDER_OUTPUTS: files.outputs,
    COMMANDER_ATTACHMENTS: files.attachments,
  });
  const { timeoutMs } = step;
  return { command, args, cwd: join(folder, step.cwd), env, timeoutMs, memoryBytes, cookie: runId, logFile };
}

async function* follow(step: PlannedStep, command: RunningCommand): AsyncGenerator<RuntimeEvent> {
  const { argv, why } = step;
  const code = shorten(briefCommand(argv), actionLength);
  yield { type: 'action', text: 'Running', code, ...(why === undefined ? {} : { why }) };
  for await (const line of newest(withText(command.lines), outputIntervalMs)) {
    yield { type: 'action', text: outputActionText, code: shorten(line, actionLength) };
  }
  const end = await command.ended;
  if (end.reason === 'cancelled') yield { type: 'stopped' };
  else if (end.reason === 'exit' && end.exitCode === 0) yield { type: 'done' };
  else yield { type: 'failed', ...classifyFailure(step.retry, end) };
}

async function* withText(lines: RunningCommand['lines']): AsyncGenerator<string> {
  for await (const { text } of lines) {
    const trimmed = text.trim();
    if (trimmed !== '') yield trimmed;
  }
}
