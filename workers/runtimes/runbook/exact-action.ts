import type { PlannedStep } from '#core/project-file/plan.ts';
import type { TaskState } from '#core/task/state.ts';
import { revealText } from '#core/text/sanitise.ts';
import { shownCommand } from '#core/text/shown-command.ts';
import type { ExactAction } from '../runtime.ts';

/** The variables that tell a command its inputs: INPUT_VERSION for `version`. */
export function inputVariables(task: TaskState): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(task.understanding.inputs).map(([name, value]) => [
      `INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`,
      value,
    ]),
  );
}

/** A runbook's command as a person approves it: program, arguments, variables, folder and the commit that it starts from. */
export function exactAction(step: PlannedStep, task: TaskState, head: string): ExactAction {
  const variables = { ...step.env, ...inputVariables(task) };
  const lines = [
    shownCommand(step.argv),
    ...(step.cwd === '.' ? [] : [`in the folder ${revealText(step.cwd)}`]),
    ...Object.entries(variables).map(([name, value]) => `with ${name}=${revealText(value)}`),
    `starting from commit ${head.slice(0, 12)}`,
  ];
  return {
    shown: lines.join('\n'),
    exact: { argv: step.argv, cwd: step.cwd, variables },
    declaration: step.declaration,
  };
}
