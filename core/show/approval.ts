import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card, Tone } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Approval, ApprovalStatus, TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import { buttonBlocks, codeBlock, line } from './limits.ts';
import { bold, quoted, sentence, taskTitle, time } from './pieces.ts';

/** One approval: exactly what will run and why it asks; after the decision, who decided what and when. */
export function showApproval(state: TaskState, approval: Approval): Card {
  const open = approval.status === 'open';
  const step = quoted(approval.stepName);
  return {
    key: `approval:${approval.id}`,
    tone: tones[approval.status],
    title: taskTitle(state, bold(open ? 'Approval needed' : titles[approval.status])),
    summary: open
      ? `#${state.number} needs approval for ${step}.`
      : `${step} of #${state.number}: ${decidedWords(approval)}`,
    blocks: open ? openBlocks(state, approval) : decidedBlocks(approval),
  };
}

const tones: Readonly<Record<ApprovalStatus, Tone>> = {
  open: 'waiting',
  approved: 'success',
  denied: 'danger',
  refined: 'neutral',
  withdrawn: 'neutral',
};

const titles: Readonly<Record<ApprovalStatus, string>> = {
  open: 'Approval needed',
  approved: 'Approved',
  denied: 'Denied',
  refined: 'Refined',
  withdrawn: 'No longer asked',
};

function openBlocks(state: TaskState, approval: Approval): readonly Block[] {
  const { risk, riskReason } = state.understanding;
  const why = riskReason === '' ? '' : `: ${line(riskReason)}`;
  return [
    { kind: 'text', text: [`Before ${quoted(approval.stepName)}: ${sentence(line(approval.reason))}`] },
    codeBlock('Exactly this will run', approval.shown),
    { kind: 'text', text: [`${sentence(`The risk is ${risk}${why}`)}${lasting(state, approval)}`] },
    { kind: 'context', text: ['Asked ', time(approval.askedAt), '. Nothing runs until somebody decides.'] },
    ...buttonBlocks(openButtons(state, approval)),
  ];
}

/** What the project declares that a revert does not reach. */
function lasting(state: TaskState, { stepId }: Approval): string {
  const reversible = state.steps.find((step) => step.plan.id === stepId)?.plan.reversible ?? true;
  return reversible === true ? '' : ` A revert can not take all of it back: ${sentence(line(reversible))}`;
}

function openButtons(state: TaskState, { id, stepName }: Approval): readonly Button[] {
  const changed = (state.changes?.files.length ?? 0) > 0;
  return [
    { label: 'Approve', style: 'primary', action: encodeAction({ verb: 'approve', subject: id }) },
    {
      label: 'Deny',
      style: 'danger',
      action: encodeAction({ verb: 'deny', subject: id }),
      confirm: {
        title: `Deny “${line(stepName, 80)}”?`,
        text: `#${state.number} ends without running it. What is done so far is kept on its branch.`,
        yes: 'Deny',
      },
    },
    { label: 'Refine…', action: encodeAction({ verb: 'refine', subject: id }) },
    { label: 'Always allow here', action: encodeAction({ verb: 'always', subject: id }) },
    ...(changed ? [{ label: 'Diff', href: `/tasks/${state.number}/diff` }] : []),
  ];
}

function decidedBlocks(approval: Approval): readonly Block[] {
  const note = approval.note ?? '';
  return [
    { kind: 'text', text: decision(approval) },
    ...(note === ''
      ? []
      : ([
          {
            kind: 'quote',
            from: line(approval.decidedBy?.name ?? 'Note', 60),
            text: plainText(note, { maxLength: 1000 }),
          },
        ] as const)),
    codeBlock(shownLabel(approval.status), approval.shown),
  ];
}

function shownLabel(status: ApprovalStatus): string {
  return status === 'approved' ? 'Exactly this was approved' : 'This was asked';
}

/** Who decided what, when, and by what right. */
export function decision(approval: Approval): RichText {
  const at = approval.decidedAt === undefined ? [] : [', ', time(approval.decidedAt)];
  if (approval.status === 'withdrawn') {
    return [`${quoted(approval.stepName)} is no longer asked: the task ended`, ...at, '.'];
  }
  if (approval.rule !== undefined) {
    const { madeBy, madeAt } = approval.rule;
    return [`${quoted(approval.stepName)} is allowed because ${line(madeBy, 60)} said always, `, time(madeAt), '.'];
  }
  return [`${quoted(approval.stepName)} was ${approval.status} by ${deciderOf(approval)}`, ...at, '.'];
}

function decidedWords(approval: Approval): string {
  if (approval.status === 'withdrawn') return 'no longer asked, the task ended.';
  if (approval.rule !== undefined) return `allowed by a rule of ${line(approval.rule.madeBy, 60)}.`;
  return `${approval.status} by ${deciderOf(approval)}.`;
}

function deciderOf({ decidedBy }: Approval): string {
  return line(decidedBy?.name ?? 'Commander', 60);
}
