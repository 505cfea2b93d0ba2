import type { RichText } from '#core/chat/inline.ts';
import { atNoBranchWords, isAtNoBranch, toReview } from '#core/task/parts.ts';
import type { Revert } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { isStale } from './checks.ts';
import { line } from './limits.ts';
import { deliveryPlace, quoted } from './pieces.ts';
import { isBusy, isDeliverable, isResumable } from './task-buttons.ts';

/** What a person can do now, in words: the report's last sentence. */
export function nextWords(state: TaskState): RichText {
  if (isBusy(state)) {
    return [(state.run?.kind ?? state.ready) === 'revert' ? 'It is being reverted now.' : 'It is being delivered now.'];
  }
  switch (state.status) {
    case 'failed':
      return [failedNext(state)];
    case 'cancelled':
      return ['What was done so far is kept. Run it again to start from the first step.'];
    default:
      return completedNext(state);
  }
}

/** What is worth trying depends on what failed. */
function failedNext(state: TaskState): string {
  const revert = revertedSince(state);
  const resumes = isResumable(state);
  if (revert !== undefined) {
    const anew = resumes ? 'Resume from… does the steps after it again' : 'Run again starts from the first step';
    return `The files are back at ${quoted(line(revert.checkpointName, 60))}. ${anew}; Retry does not: it goes on from where it failed, without what the revert took back.`;
  }
  const failedCheck = state.verification?.checks.some((check) => !check.passed) ?? false;
  if (failedCheck && !isStale(state)) {
    const review = toReview(state) === undefined ? '' : 'Review… sends the work back with what you say; ';
    const resume = resumes ? 'Resume from… does some steps again; ' : '';
    return `See in Details what the checks say. ${review}Retry runs them again on the same work; ${resume}Run again starts from the first step.`;
  }
  const last = state.steps.find((step) => step.status === 'failed')?.failures.at(-1);
  if (last?.transient === true) {
    return 'The cause looks like one that passes: Retry goes on from the failed step; finished steps are not repeated.';
  }
  return 'See in Details what was said last. When the cause is gone, Retry goes on from where it failed; finished steps are not repeated.';
}

/** All files were taken back to an earlier checkpoint after the failure. */
function revertedSince(state: TaskState): Revert | undefined {
  return state.reverts.findLast(
    ({ status, files, at }) => status === 'done' && files === undefined && at >= (state.finishedAt ?? at),
  );
}

function completedNext(state: TaskState): RichText {
  if (isDeliverable(state)) {
    const look = isStale(state) ? 'Look at the diff with care, for it is not checked' : 'Look at the diff';
    return [`${look}; then deliver it to `, ...deliveryPlace(state), ' or revert what you do not want.'];
  }
  if (state.delivery?.status === 'delivered')
    return ['A revert makes a new commit, and can itself be reverted; nothing is rewritten.'];
  if (isAtNoBranch(state) && (state.changes?.files.length ?? 0) > 0) return [atNoBranchWords];
  return ['Nothing more needs to be done.'];
}
