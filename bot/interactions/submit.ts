import type { InteractionReply, ModalSubmission } from '#core/chat/adapter.ts';
import { decodeAction } from '#core/chat/button.ts';
import { roleAllows } from '#core/policy/roles.ts';
import { checkInputs } from '#core/project-file/inputs.ts';
import { buildPlan } from '#core/project-file/plan.ts';
import { decidersOf } from '#core/task/deciders.ts';
import type { TaskState } from '#core/task/state.ts';
import { newId } from '#db/id.ts';
import { carryOutOnce, type InteractionId } from '#db/intake/interactions.ts';
import { makeRule } from '#db/rules/rules.ts';
import { type Actor, changeTask } from '#db/tasks/change-task.ts';
import type { Application } from '../application.ts';
import { longestRuleDays } from '../commands/rule-commands.ts';
import { titleOf } from '../intake/prepare-runbook-task.ts';
import { saidLimit } from '../intake/said-words.ts';
import { ifSeen, presserAt } from '../viewers.ts';
import { submitInputs } from './asks.ts';
import { submitRule } from './change-rule.ts';
import { submitDraft } from './draft.ts';
import { chosenPaths } from './file-choice.ts';
import { findRunbook } from './find-runbook.ts';
import { inputProblems, inputValues } from './input-fields.ts';
import { openApproval, scopeOf, severalDecide } from './modals.ts';
import { answeredOnce, interactionOf } from './once.ts';
import { carryOut, replyTo, taskOf } from './press.ts';
import { previewRevert } from './revert-manifest.ts';
import { submitUse } from './use-outputs.ts';

interface Form {
  readonly application: Application;
  readonly task: TaskState;
  readonly actor: Actor;
  readonly id: InteractionId | undefined;
  /** The approval, revert or task that the form is about. */
  readonly subject: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Carries out a form. Everything is looked up and checked again: time has passed since it was opened. */
export async function submit(application: Application, submission: ModalSubmission): Promise<InteractionReply> {
  return answeredOnce(application, interactionOf(submission), await submitNow(application, submission));
}

async function submitNow(application: Application, submission: ModalSubmission): Promise<InteractionReply> {
  const { modalId, thread, sender, values } = submission;
  if (modalId === 'explain') return { kind: 'done' };
  const action = decodeAction(modalId);
  if (action?.verb === 'draft') return submitDraft(application, action.subject, submission);
  if (action?.verb === 'use') return submitUse(application, action, submission);
  if (action?.verb === 'fill') return submitInputs(application, action, submission);
  const id = interactionOf(submission);
  if (action?.verb === 'change-rule')
    return submitRule(application, action, { actor: (await presserAt(application, thread, sender)).actor, id, values });
  const { actor, viewer } = await presserAt(application, thread, sender);
  const task = action === undefined ? undefined : await ifSeen(application, await taskOf(application, action), viewer);
  if (action === undefined || task === undefined) return notice('What this form was about is no longer known.');
  const form: Form = { application, task, actor, id, subject: action.subject, values };
  switch (action.verb) {
    case 'refine':
      return refine(form);
    case 'always':
      return always(form);
    case 'answer':
      return answer(form);
    case 'resume-from':
      return carryOut(application, task, { type: 'resume-from', checkpoint: Number(values.checkpoint) }, form);
    case 'review':
      return review(form);
    case 'interrupt':
      return interrupt(form);
    case 'escalate':
      return carryOut(application, task, { type: 'escalate', note: (values.note ?? '').trim().slice(0, 2000) }, form);
    case 'revert':
      return proposeRevert(form);
    case 'revert-files':
      return revertFiles(form);
    default:
      return notice('Commander does not know this form.');
  }
}

async function refine({ application, task, actor, id, subject, values }: Form): Promise<InteractionReply> {
  const asked = task.approvals.find(({ id }) => id === subject);
  if (asked?.permission !== undefined) {
    const note = (values.note ?? '').slice(0, 2000);
    return carryOut(application, task, { type: 'deny', approvalId: subject, note }, { actor, id });
  }
  const found = await findRunbook(application, task);
  if (!found.ok) return notice(found.problem);
  const declared = Object.entries(task.understanding.inputs).filter(([name]) => name in found.runbook.inputs);
  const given = { ...Object.fromEntries(declared), ...inputValues(found.runbook, values) };
  const inputs = checkInputs(found.runbook, given);
  if (!inputs.ok) return { kind: 'problems', problems: inputProblems(inputs.problems) };
  const refinement = {
    note: (values.note ?? '').slice(0, 2000),
    inputs: inputs.values,
    title: titleOf(task.runbook.name, Object.values(inputs.values)),
    steps: buildPlan(found.runbook, inputs.values),
    verify: found.verify,
  };
  return carryOut(application, task, { type: 'refine', approvalId: subject, ...refinement }, { actor, id });
}

async function always({ application: { db }, task, actor, id, subject, values }: Form): Promise<InteractionReply> {
  const approval = openApproval(task, subject);
  if (typeof approval === 'string') return notice(approval);
  if (!roleAllows(actor.role, 'decide')) return notice(`${actor.name} may not approve, and so not make a rule either.`);
  const days = Number(values.days);
  if (!(Number.isInteger(days) && days >= 1 && days <= longestRuleDays))
    return { kind: 'problems', problems: { days: 'Choose how long the rule holds.' } };
  if (decidersOf(task).people > 1) return notice(severalDecide(task));
  return carryOutOnce(db, id, async (trx) => {
    const approved = await changeTask(db, trx, task.id, { type: 'approve', approvalId: approval.id }, { actor });
    // Who may not approve this one may not allow it for good either.
    if (!approved.ok) return replyTo(approved);
    await makeRule(trx, {
      ...scopeOf(task),
      ...(values.scope === 'task' ? { taskId: task.id } : {}),
      ...(values.scope === 'person' ? { requesterId: task.requester.memberId } : {}),
      words: approval.permission?.always ?? approval.stepName,
      ruleHash: approval.ruleHash,
      madeBy: actor.memberId,
      fromTaskId: task.id,
      days,
    });
    return { kind: 'done' };
  });
}

async function answer({ application, task, actor, id, subject, values }: Form): Promise<InteractionReply> {
  const words = (values.answer ?? '').trim().slice(0, 4000);
  if (words === '') return { kind: 'problems', problems: { answer: 'Write an answer.' } };
  return carryOut(application, task, { type: 'answer', questionId: subject, answer: words }, { actor, id });
}

async function review({ application, task, actor, id, values }: Form): Promise<InteractionReply> {
  const note = (values.note ?? '').trim().slice(0, 2000);
  if (note === '') return { kind: 'problems', problems: { note: 'Say what the agent should do.' } };
  return carryOut(application, task, { type: 'review', note }, { actor, id });
}

/** The same as words in the thread, for who is not in it. */
async function interrupt({ application, task, actor, id, values }: Form): Promise<InteractionReply> {
  const text = (values.note ?? '').trim().slice(0, saidLimit);
  if (text === '') return { kind: 'problems', problems: { note: 'Say what the agent should do.' } };
  return carryOut(application, task, { type: 'say', noteId: newId(), kind: 'steer', text }, { actor, id });
}

async function proposeRevert({ application, task, actor, id, values }: Form): Promise<InteractionReply> {
  const checkpoint = Number(values.checkpoint);
  const { manifest } = await previewRevert(application, task, checkpoint);
  const head = task.workspace?.head ?? '';
  return carryOut(
    application,
    task,
    { type: 'propose-revert', revertId: newId(), checkpoint, head, manifest },
    { actor, id },
  );
}

async function revertFiles({ application, task, actor, id, subject, values }: Form): Promise<InteractionReply> {
  const revert = task.reverts.find(({ id }) => id === subject);
  const stated = revert === undefined ? [] : (await previewRevert(application, task, revert.checkpoint)).files;
  const files = chosenPaths(
    stated.map(({ path }) => path),
    values.files ?? '',
  );
  if (files.length === 0) return { kind: 'problems', problems: { files: 'Choose at least one file.' } };
  return carryOut(application, task, { type: 'revert', revertId: subject, files }, { actor, id });
}

function notice(text: string): InteractionReply {
  return { kind: 'notice', tone: 'warning', text };
}
