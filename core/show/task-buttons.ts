import { encodeAction } from '#core/chat/button.ts';
import type { Button } from '#core/chat/card.ts';
import { currentStep, isAtNoBranch, isFinal, toReview, waitsForPerson } from '#core/task/parts.ts';
import { resumePoints } from '#core/task/resume-points.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { confirmLimit, line } from './limits.ts';
import { useButton } from './output.ts';
import { outsideWarning } from './outside.ts';

/** What can be done with the task in its status, for the status card. */
export function statusButtons(state: TaskState): readonly Button[] {
  if (isFinal(state)) {
    return hasReport(state)
      ? [...lookButtons(state), explainButton(state)]
      : [...againButtons(state), explainButton(state)];
  }
  if (state.cancelRequestedBy !== undefined) return lookButtons(state);
  return [
    ...elsewhereButtons(state),
    ...interruptButtons(state),
    ...pauseButtons(state),
    cancelButton(state),
    ...lookButtons(state),
    explainButton(state),
  ];
}

/** What can be done with the result, for the report. */
export function reportButtons(state: TaskState): readonly Button[] {
  if (isBusy(state)) return changesButton(state);
  return [
    ...deliverButtons(state),
    ...reviewButton(state),
    ...(state.status === 'failed' ? [retryButton(state), ...resumeButtons(state), ...escalateButton(state)] : []),
    ...changesButton(state),
    ...revertButtons(state),
    restartButton(state),
    ...useButtons(state),
  ];
}

/** Whether the end of the task is worth a report: something was started. */
export function hasReport(state: TaskState): boolean {
  return isFinal(state) && state.startedAt !== undefined;
}

/** Whether the work may be delivered now: the same conditions as the rule that decides it. */
export function isDeliverable(state: TaskState): boolean {
  const files = state.changes?.files.length ?? 0;
  return (
    state.status === 'completed' &&
    state.workspace !== undefined &&
    !isAtNoBranch(state) &&
    files > 0 &&
    state.delivery?.status !== 'delivered' &&
    !isBusy(state)
  );
}

/** Whether a run has to do with the task right now, or is about to. */
export function isBusy(state: TaskState): boolean {
  return state.run !== undefined || state.ready !== undefined;
}

function pauseButtons(state: TaskState): readonly Button[] {
  const asked = state.pauseRequestedBy !== undefined && waitsForPerson(state);
  if (state.status === 'paused' || asked) {
    return [{ label: 'Resume', style: 'primary', action: encodeAction({ verb: 'resume', subject: state.id }) }];
  }
  if (state.pauseRequestedBy !== undefined) return [];
  return [{ label: 'Pause', action: encodeAction({ verb: 'pause', subject: state.id }) }];
}

/** Agents that are offered where the one at work has reached its provider's limit. */
const elsewhereLimit = 3;

function elsewhereButtons(state: TaskState): readonly Button[] {
  if (state.because.waitingFor !== 'quota') return [];
  const others = currentStep(state)?.elsewhere ?? [];
  return others.slice(0, elsewhereLimit).map(({ id, name }) => ({
    label: `Go on with ${line(name, 40)}`,
    action: encodeAction({ verb: 'elsewhere', subject: state.id, choice: id }),
  }));
}

/** What works now takes words: it stops at once, hears them and goes on. */
function interruptButtons(state: TaskState): readonly Button[] {
  if (state.status !== 'running' || !takesWordsNow(state)) return [];
  return [{ label: 'Interrupt…', action: encodeAction({ verb: 'interrupt', subject: state.id }) }];
}

function takesWordsNow({ steps, pauseRequestedBy }: TaskState): boolean {
  return pauseRequestedBy === undefined && steps.some(({ status, plan }) => status === 'running' && plan.steerable);
}

/** Ends the task, asked once more. */
export function cancelButton(state: TaskState): Button {
  // From its start on, so that the card of a task that just began is not shown anew for words that stand behind a button.
  const kept = state.startedAt === undefined ? '' : ' What is done so far is kept on its branch.';
  return {
    label: 'Cancel',
    style: 'danger',
    action: encodeAction({ verb: 'cancel', subject: state.id }),
    confirm: {
      title: `Cancel #${state.number}?`,
      text: `What runs now is stopped, and no further step begins.${kept}`,
      yes: 'Cancel the task',
    },
  };
}

/** The pages about the task, as far as there is something on them; where no page can be opened, the same comes as a file. */
function lookButtons(state: TaskState): readonly Button[] {
  if (state.startedAt === undefined) return [];
  const action = encodeAction({ verb: 'details', subject: state.id });
  return [{ label: 'Details', href: `/tasks/${state.number}/log`, action }, ...changesButton(state)];
}

/** Leads to what changed, as soon as something did. */
export function changesButton(state: TaskState): readonly Button[] {
  const files = state.changes?.files.length ?? 0;
  if (files === 0) return [];
  const action = encodeAction({ verb: 'diff', subject: state.id });
  return [{ label: 'Diff', href: `/tasks/${state.number}/diff`, action }];
}

function explainButton(state: TaskState): Button {
  return { label: 'Explain', action: encodeAction({ verb: 'explain', subject: state.id }) };
}

function againButtons(state: TaskState): readonly Button[] {
  if (isBusy(state)) return [];
  return [...(state.status === 'failed' ? [retryButton(state)] : []), restartButton(state)];
}

/** A person looks at what the agent could not mend, and says how. */
function reviewButton(state: TaskState): readonly Button[] {
  if (toReview(state) === undefined) return [];
  return [{ label: 'Review…', style: 'primary', action: encodeAction({ verb: 'review', subject: state.id }) }];
}

function retryButton(state: TaskState): Button {
  return { label: 'Retry', style: 'primary', action: encodeAction({ verb: 'retry', subject: state.id }) };
}

/** Whether it can be resumed from an earlier checkpoint: from where it failed is what Retry does. */
export function isResumable(state: TaskState): boolean {
  return resumePoints(state).some(({ commit }) => commit !== state.workspace?.head);
}

function resumeButtons(state: TaskState): readonly Button[] {
  if (!isResumable(state)) return [];
  return [{ label: 'Resume from…', action: encodeAction({ verb: 'resume-from', subject: state.id }) }];
}

/** One call for help at a time. */
function escalateButton(state: TaskState): readonly Button[] {
  if (state.escalations?.some(({ open }) => open)) return [];
  return [{ label: 'Ask for help…', action: encodeAction({ verb: 'escalate', subject: state.id }) }];
}

function restartButton(state: TaskState): Button {
  return {
    label: 'Run again',
    action: encodeAction({ verb: 'restart', subject: state.id }),
    confirm: {
      title: `Run #${state.number} again?`,
      text: 'It starts from the first step, from the project as it is now.',
      yes: 'Run again',
    },
  };
}

function useButtons({ id, outputs, round }: TaskState): readonly Button[] {
  return outputs.some((output) => output.round === round) ? [useButton(id)] : [];
}

/** The press carries the commit, so that nothing else than what was shown is delivered. */
function deliverButtons(state: TaskState): readonly Button[] {
  const { workspace, changes } = state;
  if (!isDeliverable(state) || workspace === undefined || changes === undefined) return [];
  const names = changes.files.map((file) => line(file.path, 40));
  const all = changes.files.length + changes.more;
  const files = `${plural(all, 'file')} (${joinWords(names.slice(0, 3))}${all > 3 ? ` and ${all - 3} more` : ''})`;
  const place = workspace.ofFolder ? 'the folder' : `the branch ${line(workspace.baseBranch, 60)} of`;
  const text = `${outsideWarning(state)}${files} of commit ${workspace.head.slice(0, 7)} go to ${place} ${line(state.project.name, 40)}.`;
  return [
    {
      label: changes.outside === undefined ? 'Deliver' : 'Deliver all the same',
      style: 'primary',
      action: encodeAction({ verb: 'deliver', subject: state.id, choice: workspace.head.slice(0, 40) }),
      confirm: { title: `Deliver #${state.number}?`, text: line(text, confirmLimit), yes: 'Deliver' },
    },
  ];
}

function revertButtons(state: TaskState): readonly Button[] {
  const here = state.checkpoints.filter((each) => each.round === state.round);
  // The first one is where the work began.
  if (here.length < 2 || state.workspace === undefined) return [];
  return [{ label: 'Revert…', action: encodeAction({ verb: 'revert', subject: state.id }) }];
}
