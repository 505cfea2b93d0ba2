import { anyDecider } from '#core/policy/deciders.ts';
import type { DecideContext } from './commands.ts';
import type { Approval, Person, TaskState } from './state.ts';

/** A rule as it is written down with what it decided. */
export interface CountedRule {
  readonly id: string;
  readonly madeBy: string;
  readonly madeAt: string;
}

/**
 * The standing rule that decides, if one may: what several people have to approve one rule of one person does not, and nobody's
 * rule approves what he asked for himself where he may not do that.
 */
export function ruleThatCounts(state: TaskState, { rule }: DecideContext): CountedRule | undefined {
  const { people, notRequester } = decidersOf(state);
  if (rule === undefined || people > 1) return undefined;
  if (notRequester && isInvolved(state, rule.madeById)) return undefined;
  return { id: rule.id, madeBy: rule.madeBy, madeAt: rule.madeAt };
}

export function decidersOf({ understanding }: TaskState) {
  return understanding.deciders ?? anyDecider;
}

/** Whether somebody asked for the work, or told the agent what to do: then it is his own. */
export function isInvolved({ requester, notes }: TaskState, memberId: string): boolean {
  return requester.memberId === memberId || notes.some(({ kind, by }) => kind === 'steer' && by.memberId === memberId);
}

/** Why a person may not approve or deliver this work; `undefined` when he may. */
export function notHisToApprove(state: TaskState, actor: Person): string | undefined {
  if (!decidersOf(state).notRequester || !isInvolved(state, actor.memberId)) return undefined;
  const own = state.requester.memberId === actor.memberId ? 'asked for' : 'said what to do in';
  return `${actor.name} ${own} #${state.number}; in ${state.project.name} somebody else has to approve that.`;
}

/** How many more people have to approve before it is approved, this one not counted. */
export function votesMissing(state: TaskState, { votes = [] }: Approval): number {
  return Math.max(0, decidersOf(state).people - votes.length - 1);
}
