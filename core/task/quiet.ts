import { formatMoment } from '#core/text/moment.ts';
import { shorten } from '#core/text/shorten.ts';
import type { Decision } from './commands.ts';
import { happens, refuse } from './decision.ts';
import type { Recorded } from './events.ts';
import { currentStep, isFinal } from './parts.ts';
import { later } from './question-limit.ts';
import type { TaskState } from './state.ts';
import type { StepState } from './step-state.ts';

/** A stretch in which an agent at work gives no sign of life. */
export interface QuietSpell {
  /** The run that it is of: when that has ended, so has the spell. */
  readonly runId: string;
  /** How many of them its step had with it. */
  readonly count: number;
  readonly since: string;
  /** When it is stopped, unless it moves or somebody wants to wait. */
  readonly until: string;
  /** How long it gets each time that somebody wants to wait, in milliseconds. */
  readonly timeMs: number;
  /** How often somebody wanted to wait, and who did the last time. */
  readonly given?: { readonly times: number; readonly by: string };
  /** When it moved again. */
  readonly movedAt?: string;
}

/** The step whose agent gives no sign of life just now, and since when. */
export function quietNow(state: TaskState): { readonly step: StepState; readonly spell: QuietSpell } | undefined {
  const step = currentStep(state);
  const spell = step?.agent?.quiet;
  if (step?.status !== 'running' || spell === undefined || spell.movedAt !== undefined) return undefined;
  return spell.runId === state.run?.id ? { step, spell } : undefined;
}

/** A spell after something happened to it. */
export function quietAfter(
  state: TaskState,
  spell: QuietSpell | undefined,
  { at, actor, event }: Recorded,
): QuietSpell | undefined {
  if (event.type === 'agent.quiet') {
    const { since, until, timeMs } = event;
    return { runId: state.run?.id ?? '', count: (spell?.count ?? 0) + 1, since, until, timeMs };
  }
  if (spell === undefined) return undefined;
  if (event.type === 'agent.moved') return { ...spell, movedAt: at };
  if (event.type !== 'agent.given_time') return spell;
  return {
    ...spell,
    until: event.until,
    given: { times: (spell.given?.times ?? 0) + 1, by: actor?.name ?? 'Commander' },
  };
}

/** What a press of “Wait” names, so that it gives time once: when the agent would have been stopped. */
export function seenEnd({ until }: QuietSpell): string {
  return String(Date.parse(until));
}

/** Somebody wants to wait for an agent that gives no sign of life: it gets the same time again. `seen`: see `seenEnd`. */
export function waitLonger(state: TaskState, seen: string): Decision {
  const { number, status, because, cancelRequestedBy } = state;
  if (isFinal(state)) return refuse('not_now', `#${number} is ${status} (${shorten(because.text, 100)}).`);
  if (cancelRequestedBy !== undefined) {
    return refuse('not_now', `#${number} is being cancelled; ${cancelRequestedBy.name} asked for it.`);
  }
  const quiet = quietNow(state);
  if (quiet === undefined) return refuse('not_now', noLongerQuiet(state));
  const { step, spell } = quiet;
  if (seenEnd(spell) !== seen) return refuse('already_decided', newerWords(spell));
  return happens({ type: 'agent.given_time', stepId: step.plan.id, until: later(spell.until, spell.timeMs) });
}

function newerWords({ given, until }: QuietSpell): string {
  const end = `It is stopped ${formatMoment(until)}, unless it moves.`;
  return given === undefined ? `That was about an earlier time. ${end}` : `${given.by} wants to wait already. ${end}`;
}

function noLongerQuiet(state: TaskState): string {
  const spell = state.steps.findLast(({ agent }) => agent?.quiet !== undefined)?.agent?.quiet;
  if (spell?.movedAt === undefined)
    return `The agent of #${state.number} is not at work any more; #${state.number} is ${state.status}.`;
  return `The agent of #${state.number} has moved again, ${formatMoment(spell.movedAt)}.`;
}
