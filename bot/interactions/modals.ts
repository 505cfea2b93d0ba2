import type { InteractionReply } from '#core/chat/adapter.ts';
import { encodeAction } from '#core/chat/button.ts';
import type { Modal } from '#core/chat/modal.ts';
import type { Approval } from '#core/task/asked.ts';
import { recordedDecision } from '#core/task/decide-asked.ts';
import { decidersOf } from '#core/task/deciders.ts';
import { revertTargets } from '#core/task/delivered-range.ts';
import { toReview } from '#core/task/parts.ts';
import { resumePoints } from '#core/task/resume-points.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';
import { matchedLately, together } from '#db/rules/matches.ts';
import type { RuleScope } from '#db/rules/rules.ts';
import type { Application } from '../application.ts';
import { choiceOf } from './file-choice.ts';
import { findRunbook } from './find-runbook.ts';
import { inputFields } from './input-fields.ts';
import { matchedWords } from './matched-words.ts';
import { previewRevert } from './revert-manifest.ts';

/** How long an "always" rule can be made to last, in days. */
export const ruleDays = ['7', '30', '90', '365'] as const;

/** "Refine": the inputs as they are, to be changed. */
export async function refineModal(
  application: Application,
  task: TaskState,
  approvalId: string,
): Promise<InteractionReply> {
  const approval = openApproval(task, approvalId);
  if (typeof approval === 'string') return { kind: 'notice', tone: 'warning', text: approval };
  if (approval.permission !== undefined) return denyModal(task, approval);
  const found = await findRunbook(application, task);
  if (!found.ok) return { kind: 'notice', tone: 'warning', text: found.problem };
  return show({
    id: encodeAction({ verb: 'refine', subject: approvalId }),
    title: `Refine #${task.number}`,
    intro: ['What you change is planned anew, from the first step and from the project as it is now.'],
    submit: 'Plan again',
    fields: [
      ...inputFields(found.runbook, task.understanding.inputs),
      { kind: 'text', name: 'note', label: 'What should be different?', multiline: true, optional: true },
    ],
  });
}

/** "Answer…": a question that takes words. */
export function answerModal(task: TaskState, questionId: string): InteractionReply {
  const question = task.questions.find(({ id }) => id === questionId);
  if (question?.status !== 'open') {
    const by = question?.answeredBy?.name;
    const text = by === undefined ? 'That question is no longer open.' : `${by} answered already: ${question?.answer}.`;
    return { kind: 'notice', tone: 'warning', text };
  }
  return show({
    id: encodeAction({ verb: 'answer', subject: questionId }),
    title: `Answer in #${task.number}`,
    intro: [question.text],
    submit: 'Answer',
    fields: [{ kind: 'text', name: 'answer', label: 'Your answer', multiline: true }],
  });
}

/** An agent that is denied goes on another way: with what is said here. */
function denyModal({ number }: TaskState, { id, stepName }: Approval): InteractionReply {
  return show({
    id: encodeAction({ verb: 'refine', subject: id }),
    title: `Deny in #${number}`,
    intro: [`“${stepName}” is not done. The agent goes on another way, and hears what you write here.`],
    submit: 'Deny',
    fields: [{ kind: 'text', name: 'note', label: 'What should it do instead?', multiline: true, optional: true }],
  });
}

/** "Always allow here": the rule in words, before it is made. */
export async function alwaysModal(
  application: Application,
  task: TaskState,
  approvalId: string,
): Promise<InteractionReply> {
  const approval = openApproval(task, approvalId);
  if (typeof approval === 'string') return { kind: 'notice', tone: 'warning', text: approval };
  if (decidersOf(task).people > 1) return { kind: 'notice', tone: 'warning', text: severalDecide(task) };
  const matched = together(await matchedLately(application.db, approval.ruleHash, scopeOf(task)));
  return show({
    id: encodeAction({ verb: 'always', subject: approvalId }),
    title: 'Always allow here',
    intro: [
      ...ruleWords(task, approval),
      `In the last 30 days it would have answered ${matchedWords(matched)} in ${task.project.name}.`,
      'The rule is yours: everybody sees it with “rules”; who may approve changes it there, or ends it with “revoke rule”.',
    ],
    submit: 'Always allow, and approve this one',
    fields: [
      {
        kind: 'select',
        name: 'scope',
        label: 'Where',
        options: [
          { value: 'project', label: `In ${task.project.name}, for everybody` },
          { value: 'person', label: `In ${task.project.name}, for what ${task.requester.name} asks for` },
          { value: 'task', label: `In #${task.number} only` },
        ],
        value: 'project',
      },
      {
        kind: 'select',
        name: 'days',
        label: 'For how long',
        options: ruleDays.map((days) => ({ value: days, label: `${days} days` })),
        value: '30',
      },
    ],
  });
}

/** "Resume from…": which checkpoint. */
export function resumeModal(task: TaskState): InteractionReply {
  const options = resumePoints(task).map(({ n, name }) => ({ value: String(n), label: `${n}: ${name}` }));
  if (task.status !== 'failed' || options.length === 0)
    return { kind: 'notice', tone: 'warning', text: `#${task.number} can not go on from a checkpoint now.` };
  return show({
    id: encodeAction({ verb: 'resume-from', subject: task.id }),
    title: `Resume #${task.number}`,
    intro: ['The files go back to that checkpoint, and every step after it is done again.'],
    submit: 'Resume',
    fields: [{ kind: 'select', name: 'checkpoint', label: 'From', options, value: options.at(-1)?.value }],
  });
}

/** "Review…": what failed and how often it was tried, and what is to be done. */
export function reviewModal(task: TaskState): InteractionReply {
  const { step, failed } = toReview(task) ?? {};
  if (step === undefined || failed === undefined)
    return { kind: 'notice', tone: 'warning', text: `#${task.number} has nothing to review now.` };
  const fixes = step.agent?.fixes ?? 0;
  const tried = fixes === 0 ? '' : ` It was sent back ${plural(fixes, 'time')} already.`;
  return show({
    id: encodeAction({ verb: 'review', subject: task.id }),
    title: `Review #${task.number}`,
    intro: [
      `The checks of what ${step.plan.agent?.name ?? 'the agent'} did still fail.${tried} The diff is behind the button “Diff”.`,
      ...failed
        .slice(0, 3)
        .map(({ name, reason }) => plainText(`${name}: ${reason}`, { singleLine: true, maxLength: 300 })),
    ],
    submit: 'Send it back with this',
    fields: [{ kind: 'text', name: 'note', label: 'What should it do?', multiline: true }],
  });
}

/** "Interrupt…": what works now stops at once, hears this and goes on. */
export function interruptModal({ id, number, status }: TaskState): InteractionReply {
  if (status !== 'running')
    return { kind: 'notice', tone: 'warning', text: `#${number} is ${status}; nothing runs now.` };
  return show({
    id: encodeAction({ verb: 'interrupt', subject: id }),
    title: `Interrupt #${number}`,
    intro: ['The agent stops at once, hears what you write here and goes on. What it did so far stays.'],
    submit: 'Interrupt',
    fields: [{ kind: 'text', name: 'note', label: 'What should it do?', multiline: true }],
  });
}

/** "Ask for help…": what others should know. */
export function escalateModal({ id, number, status, failure }: TaskState): InteractionReply {
  if (status !== 'failed')
    return { kind: 'notice', tone: 'warning', text: `#${number} is ${status}; it needs no help.` };
  const reason = plainText(failure ?? '', { singleLine: true, maxLength: 300 });
  return show({
    id: encodeAction({ verb: 'escalate', subject: id }),
    title: `Ask for help with #${number}`,
    intro: [
      ...(reason === '' ? [] : [`It failed: ${reason}`]),
      'A message in this thread asks others to look at it, and it stands in the inbox until somebody takes it up again.',
    ],
    submit: 'Ask for help',
    fields: [{ kind: 'text', name: 'note', label: 'What should they know?', multiline: true, optional: true }],
  });
}

/** "Revert…": which checkpoint. */
export function revertModal(task: TaskState): InteractionReply {
  const delivered = task.delivery?.status === 'delivered' ? task.delivery.commit : undefined;
  const options = revertTargets(task).map(({ n, name, commit }) => ({
    value: String(n),
    label: `${n}: ${name}${commit === delivered ? ' (undoes the last revert)' : ''}`,
  }));
  if (options.length === 0) return { kind: 'notice', tone: 'warning', text: 'There is no other checkpoint to go to.' };
  return show({
    id: encodeAction({ verb: 'revert', subject: task.id }),
    title: `Revert #${task.number}`,
    intro: ['First you are told what can be restored and what can not. Nothing changes before you say so.'],
    submit: 'Tell me what would happen',
    fields: [{ kind: 'select', name: 'checkpoint', label: 'Back to', options, value: options[0]?.value }],
  });
}

/** "Choose files…": some of what was stated. */
export async function revertFilesModal(
  application: Application,
  task: TaskState,
  revertId: string,
): Promise<InteractionReply> {
  const revert = task.reverts.find((each) => each.id === revertId);
  if (revert?.status !== 'proposed') return { kind: 'notice', tone: 'warning', text: 'That revert is no longer open.' };
  const { files } = await previewRevert(application, task, revert.checkpoint);
  const options = files.map(({ path }) => ({ value: choiceOf(path), label: path }));
  return show({
    id: encodeAction({ verb: 'revert-files', subject: revertId }),
    title: 'Choose files',
    intro: [`These go back to “${revert.checkpointName}”; all others stay as they are.`],
    submit: 'Revert the chosen files',
    fields: [{ kind: 'checkboxes', name: 'files', label: 'Files', options, values: options.map(({ value }) => value) }],
  });
}

/** Where a rule about what a task asks would hold. */
export function scopeOf({ project, runbook }: TaskState): RuleScope {
  return { projectId: project.id, runbook: runbook.id };
}

/** Why no rule is made where several people have to approve. */
export function severalDecide(task: TaskState): string {
  return `In ${task.project.name} ${decidersOf(task).people} people have to approve; one alone can not allow it for good.`;
}

function show(modal: Modal): InteractionReply {
  return { kind: 'modal', modal };
}

/** The approval while it can be decided, else what was decided. */
export function openApproval(task: TaskState, approvalId: string): Approval | string {
  const approval = task.approvals.find((each) => each.id === approvalId);
  if (approval === undefined) return 'That approval is no longer known.';
  return approval.status === 'open' ? approval : recordedDecision(task, approval);
}

/** What a rule allows, in words. */
function ruleWords({ runbook, project }: TaskState, { permission, stepName }: Approval): readonly string[] {
  if (permission !== undefined) {
    return [`${runbook.name} may do this in ${project.name} without asking: ${permission.always ?? stepName}`];
  }
  return [
    `The step “${stepName}” of “${runbook.name}” in ${project.name} runs without asking, with any inputs.`,
    'It holds for the step exactly as it is declared now; when the project changes it, Commander asks again.',
  ];
}
