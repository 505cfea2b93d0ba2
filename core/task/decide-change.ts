import { formatMoment } from '#core/text/moment.ts';
import type { DecideContext, Decision, PersonCommand } from './commands.ts';
import { deliveryVotes, notHisToApprove, weighVote } from './deciders.ts';
import { happens, refuse } from './decision.ts';
import { atNoBranchWords, isAtNoBranch, isFinal } from './parts.ts';
import type { Person } from './person.ts';
import type { TaskState } from './state.ts';

type ChangeCommand = Extract<
  PersonCommand,
  { readonly type: 'deliver' | 'propose-revert' | 'revert' | 'withdraw-revert' }
>;

/** Decides delivery and revert. Each is bound to the commit that the person was shown. */
export function decideChange(state: TaskState, command: ChangeCommand, { actor }: DecideContext): Decision {
  switch (command.type) {
    case 'deliver': {
      const own = actor === undefined ? undefined : notHisToApprove(state, actor);
      return own === undefined ? deliver(state, command.commit, actor) : refuse('not_allowed', own);
    }
    case 'propose-revert':
      return propose(state, command);
    case 'revert':
      return revert(state, command);
    case 'withdraw-revert':
      return withdraw(state, command.revertId);
  }
}

function deliver(state: TaskState, commit: string, actor: Person | undefined): Decision {
  if (state.workspace === undefined || state.changes === undefined || state.changes.files.length === 0) {
    return refuse('not_now', `#${state.number} changed no files; there is nothing to deliver.`);
  }
  if (isAtNoBranch(state)) return refuse('not_now', atNoBranchWords);
  if (state.status !== 'completed') {
    return refuse('not_now', `#${state.number} is ${state.status}; only a completed task can be delivered.`);
  }
  if (state.delivery?.status === 'delivered') {
    return refuse(
      'already_decided',
      `${state.delivery.by.name} delivered it already, ${formatMoment(state.delivery.at)}.`,
    );
  }
  if (isBusy(state)) return refuse('not_now', busyMessage(state));
  if (commit !== state.workspace.head) {
    return refuse('changed_since', 'The work has changed since that was shown. Please look at the newest report.');
  }
  const vote = actor === undefined ? undefined : weighVote(state, deliveryVotes(state), actor);
  if (vote?.is === 'given') return refuse('already_decided', vote.words);
  if (vote?.is === 'more') return happens({ type: 'delivery.voted', commit });
  return happens({ type: 'delivery.requested', commit, branch: state.workspace.baseBranch });
}

function propose(state: TaskState, command: ChangeCommand & { type: 'propose-revert' }): Decision {
  if (!isFinal(state)) {
    return refuse('not_now', `#${state.number} is ${state.status}. Cancel it first, or wait for its end; then revert.`);
  }
  if (isBusy(state)) return refuse('not_now', busyMessage(state));
  const { checkpoint, head, manifest } = command;
  if (!state.checkpoints.some((each) => each.n === checkpoint)) {
    return refuse('unknown', `#${state.number} has no checkpoint ${checkpoint}.`);
  }
  const open = state.reverts.filter((each) => each.status === 'proposed');
  return happens(...open.map((each) => ({ type: 'revert.withdrawn', revertId: each.id }) as const), {
    type: 'revert.proposed',
    revertId: command.revertId,
    checkpoint,
    head,
    manifest,
  });
}

function revert(state: TaskState, command: ChangeCommand & { type: 'revert' }): Decision {
  const proposal = state.reverts.find((each) => each.id === command.revertId);
  if (proposal === undefined) return refuse('unknown', `#${state.number} has no such revert.`);
  if (proposal.status !== 'proposed') return refuse('already_decided', `That revert is ${proposal.status} already.`);
  if (!isFinal(state))
    return refuse('not_now', `#${state.number} is ${state.status} again. Cancel it first; then revert.`);
  if (proposal.manifest.verdict === 'not') return refuse('not_now', 'Nothing of it can be restored.');
  if (isBusy(state)) return refuse('not_now', busyMessage(state));
  const deliveredSince = !proposal.manifest.delivered && state.delivery?.status === 'delivered';
  if (proposal.head !== state.workspace?.head || deliveredSince) {
    return refuse('changed_since', 'The work has changed since that was stated. Please ask for the revert again.');
  }
  return happens({ type: 'revert.requested', revertId: proposal.id, files: command.files });
}

function withdraw(state: TaskState, revertId: string): Decision {
  const proposal = state.reverts.find((each) => each.id === revertId);
  if (proposal?.status !== 'proposed') return refuse('already_decided', 'That revert is no longer open.');
  return happens({ type: 'revert.withdrawn', revertId });
}

function isBusy(state: TaskState): boolean {
  return state.run !== undefined || state.ready !== undefined;
}

function busyMessage(state: TaskState): string {
  return `#${state.number} is being worked on right now; please try again when that is done.`;
}
