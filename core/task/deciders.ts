import { anyDecider } from '#core/policy/deciders.ts';
import { formatMoment } from '#core/text/moment.ts';
import { plural } from '#core/text/plural.ts';
import type { Vote } from './asked.ts';
import type { DecideContext } from './commands.ts';
import type { Person } from './person.ts';
import type { TaskState } from './state.ts';

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

/** What one more yes comes to, where several people have to say it: enough, one of several, or said already by the same person. */
export function weighVote(
  state: TaskState,
  votes: readonly Vote[],
  actor: Person,
): { readonly is: 'enough' | 'more' } | { readonly is: 'given'; readonly words: string } {
  const missing = Math.max(0, decidersOf(state).people - votes.length - 1);
  const given = votes.find(({ by }) => by.memberId === actor.memberId);
  if (given === undefined) return { is: missing === 0 ? 'enough' : 'more' };
  const more = plural(missing + 1, 'other person has', 'other people have');
  return {
    is: 'given',
    words: `${actor.name} approved already, at ${formatMoment(given.at)}; ${more} to approve as well.`,
  };
}

/** Who has said yes to delivering the work as it is now, where others have to as well: a yes is to one commit. */
export function deliveryVotes({ workspace, deliveryVotes }: TaskState): readonly Vote[] {
  return deliveryVotes !== undefined && deliveryVotes.commit === workspace?.head ? deliveryVotes.votes : [];
}
