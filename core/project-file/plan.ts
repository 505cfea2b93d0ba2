import type { DayBudget } from '#core/agents/budget.ts';
import type { Reviewer } from '#core/agents/reviewer.ts';
import type { PolicyRule } from '#core/policy/rule.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { durationMs } from './fields.ts';
import type { Runbook, RunbookStep } from './schema.ts';

/** Which failures are tried again: all, those that pass by themselves, an exit code, or a pattern found in the last output. */
export type RetryCondition = 'any' | 'transient' | number | { readonly output: string };

/** One step exactly as it will run: settled when the task is understood, stored with it, shown and approved as it stands. */
export interface PlannedStep {
  /** `s1`, `s2` … in order. */
  readonly id: string;
  readonly name: string;
  readonly why?: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Relative to the project. */
  readonly cwd: string;
  readonly timeoutMs: number;
  /** `limit`: retries after the first attempt. `backoffMs` doubles with each. */
  readonly retry: { readonly limit: number; readonly backoffMs: number; readonly on: readonly RetryCondition[] };
  /** Why a person is asked first; absent: nobody is. */
  readonly approve?: string;
  /** `true`, or why it can't be taken back. */
  readonly reversible: true | string;
  /** Whether a crash in the middle may simply be followed by doing it again. */
  readonly safeToRepeat: boolean;
  /** It takes words of people while it works (a coding agent): see core/task/decide-note.ts. */
  readonly steerable?: true;
  /** A coding agent does it; `argv` is empty then. */
  readonly agent?: PlannedAgent;
  /** Files to publish, as globs relative to the project. */
  readonly outputs: readonly string[];
  /** Name of the checkpoint after it. */
  readonly checkpoint?: string;
  /** What should be so afterwards, as the project says it. */
  readonly expect?: string;
  /** The step as it is declared, without a task's inputs: what a standing rule is about. */
  readonly declaration: {
    readonly name: string;
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
  };
}

/** Which agent does a step, and what it is asked to do. */
export interface PlannedAgent {
  readonly id: string;
  readonly name: string;
  readonly prompt: string;
  /** The project's rules for what it may do. */
  readonly policy?: readonly PolicyRule[];
  /** Another model than the settings give it. */
  readonly model?: string;
  /** Who takes over where it can not mend failed checks; absent: whom the settings of the agent name. */
  readonly reviewer?: Reviewer;
  /** What the project lets agents use in a day. */
  readonly budget?: DayBudget;
}

/** The steps of a runbook with a task's inputs: each argument stays one argument, whatever an input holds. */
export function buildPlan(runbook: Runbook, inputs: Readonly<Record<string, string>>): readonly PlannedStep[] {
  return runbook.steps.map((step, index) => planStep(step, `s${index + 1}`, inputs));
}

function planStep(step: RunbookStep, id: string, inputs: Readonly<Record<string, string>>): PlannedStep {
  const argv = argvOf(step);
  return {
    id,
    name: step.name,
    ...(step.why === undefined ? {} : { why: step.why }),
    argv: argv.map((argument) => fill(argument, inputs)),
    env: step.env,
    cwd: step.cwd,
    timeoutMs: durationMs(step.timeout),
    retry: { limit: step.retry.limit, backoffMs: durationMs(step.retry.backoff), on: conditionsOf(step) },
    ...(step.approve === false
      ? {}
      : { approve: step.approve === true ? 'The project asks before this step' : step.approve }),
    reversible: reversibleOf(step),
    safeToRepeat: step.safe_to_repeat,
    outputs: step.outputs,
    ...(step.checkpoint === false ? {} : { checkpoint: step.checkpoint === true ? step.name : step.checkpoint }),
    ...(step.expect === undefined ? {} : { expect: step.expect }),
    declaration: { name: step.name, argv, env: step.env, cwd: step.cwd },
  };
}

function reversibleOf(step: RunbookStep): true | string {
  if (step.reversible === true) return true;
  return step.reversible === false ? 'The project says that it has effects outside its files' : step.reversible;
}

/** A script is one argument of its shell, which stops at the first command that fails. */
function argvOf(step: Pick<RunbookStep, 'run' | 'shell' | 'command' | 'args'>): readonly string[] {
  if (step.run === undefined) return [step.command ?? '', ...step.args];
  return [...shells[step.shell], '-c', step.run];
}

/** POSIX sh can't be asked for `pipefail` everywhere (dash lacks it), so that is what bash is for. */
const shells = { sh: ['sh', '-e'], bash: ['bash', '-e', '-o', 'pipefail'] } as const;

/** Puts inputs into an argument, once: what an input holds is never read as a template again. */
function fill(argument: string, inputs: Readonly<Record<string, string>>): string {
  return argument.replaceAll(templates, (whole, name: string) =>
    Object.hasOwn(inputs, name) ? (inputs[name] ?? whole) : whole,
  );
}

/** `{{version}}` in an argument. */
const templates = /\{\{ ?([a-z][a-z0-9_-]{0,39}) ?\}\}/g;

/** The inputs that an argument asks for. */
export function inputsIn(argument: string): readonly string[] {
  return [...argument.matchAll(templates)].map(([, name]) => name ?? '');
}

function conditionsOf({ retry }: RunbookStep): readonly RetryCondition[] {
  return Array.isArray(retry.on) ? retry.on : [retry.on];
}

/** A project's check with what it runs. */
export function planChecks(
  checks: Runbook['verify'],
): readonly { name: string; argv: readonly string[]; timeoutMs: number }[] {
  return (checks ?? []).map((check) =>
    typeof check === 'string'
      ? { name: titleOf(check), argv: [...shells.sh, '-c', check], timeoutMs: durationMs('10m') }
      : { name: check.name, argv: argvOf(check), timeoutMs: durationMs(check.timeout) },
  );
}

/** A check without a name is called by its script's first line. */
function titleOf(script: string): string {
  return shorten(plainText(script.trim().split('\n', 1)[0] ?? '', { singleLine: true }), 80);
}
