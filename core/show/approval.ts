import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card, Tone } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Manner } from '#core/preferences/preference.ts';
import type { Approval, ApprovalStatus } from '#core/task/asked.ts';
import { decidersOf } from '#core/task/deciders.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plainText } from '#core/text/sanitise.ts';
import { buttonBlocks, codeBlock, line } from './limits.ts';
import { bold, code, quoted, sentence, taskTitle, time } from './pieces.ts';
import { changesButton } from './task-buttons.ts';
import { say } from './voice.ts';

/** One approval: exactly what will run and why it asks; after the decision, who decided what and when. */
export function showApproval(state: TaskState, approval: Approval, manner: Manner): Card {
  const open = approval.status === 'open';
  const step = quoted(approval.stepName);
  return {
    key: `approval:${approval.id}`,
    tone: tones[approval.status],
    title: taskTitle(state, bold(approval.status === 'open' ? say(manner, 'approvalNeeded') : titles[approval.status])),
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

const titles: Readonly<Record<Exclude<ApprovalStatus, 'open'>, string>> = {
  approved: 'Approved',
  denied: 'Denied',
  refined: 'Refined',
  withdrawn: 'No longer asked',
};

function openBlocks(state: TaskState, approval: Approval): readonly Block[] {
  const { permission } = approval;
  const { risk, riskReason } = permission === undefined ? state.understanding : { ...permission, riskReason: '' };
  const why = riskReason === '' ? '' : `: ${line(riskReason)}`;
  const asks = permission === undefined ? `Before ${quoted(approval.stepName)}` : quoted(approval.stepName);
  return [
    { kind: 'text', text: [`${asks}: ${sentence(line(approval.reason))}`] },
    codeBlock(permission === undefined ? 'Exactly this will run' : 'Exactly this is asked', approval.shown),
    ...wholeBlocks(approval),
    ...(permission?.always === undefined
      ? []
      : ([
          { kind: 'context', text: [`“Always allow here” would allow: ${sentence(line(permission.always))}`] },
        ] as const)),
    { kind: 'text', text: [`${sentence(`The risk is ${risk}${why}`)}${lasting(state, approval)}`] },
    ...votesBlock(state, approval),
    { kind: 'context', text: ['Asked ', time(approval.askedAt), `. ${whoDecides(state)}`] },
    ...buttonBlocks(openButtons(state, approval)),
  ];
}

/** What is too long for a card goes with it as a file. */
function wholeBlocks({ id, whole }: Approval): readonly Block[] {
  if (whole === undefined) return [];
  const name = `approval-${whole.sha256.slice(0, 8)}.txt`;
  const file = { outputId: id, name, mediaType: 'text/plain', size: whole.size, version: 1, href: `/outputs/${id}` };
  return [
    { kind: 'files', files: [file] },
    // Beside the text and not in it: a platform may cut that further.
    { kind: 'context', text: ['All of it is in the file, SHA-256 ', code(whole.sha256), '.'] },
  ];
}

/** Who has approved so far, where several people have to. */
function votesBlock(state: TaskState, { votes = [] }: Approval): readonly Block[] {
  if (votes.length === 0) return [];
  const given = votes.flatMap(({ by, at }, index) => [index === 0 ? '' : ', ', `${line(by.name, 60)} `, time(at)]);
  return [{ kind: 'text', text: [`Approved by ${votes.length} of ${decidersOf(state).people}: `, ...given, '.'] }];
}

function whoDecides(state: TaskState): string {
  const { people, notRequester } = decidersOf(state);
  const many = people === 1 ? 'somebody decides' : `${people} people approve, or one denies`;
  const own = notRequester ? ' Not those who asked for it or told the agent what to do.' : '';
  return `Nothing runs until ${many}.${own}`;
}

/** What the project declares that a revert does not reach. */
function lasting(state: TaskState, { stepId }: Approval): string {
  const reversible = state.steps.find((step) => step.plan.id === stepId)?.plan.reversible ?? true;
  return reversible === true ? '' : ` A revert can not take all of it back: ${sentence(line(reversible))}`;
}

function openButtons(state: TaskState, { id, stepName, permission }: Approval): readonly Button[] {
  return [
    { label: 'Approve', style: 'primary', action: encodeAction({ verb: 'approve', subject: id }) },
    {
      label: 'Deny',
      style: 'danger',
      action: encodeAction({ verb: 'deny', subject: id }),
      ...(permission === undefined ? { confirm: denyConfirm(state, stepName) } : {}),
    },
    {
      label: permission === undefined ? 'Refine…' : 'Deny and say why…',
      action: encodeAction({ verb: 'refine', subject: id }),
    },
    ...(decidersOf(state).people > 1 || (permission !== undefined && permission.always === undefined)
      ? []
      : [{ label: 'Always allow here', action: encodeAction({ verb: 'always', subject: id }) }]),
    ...changesButton(state),
  ];
}

/** An agent that is denied goes on another way; a step that is denied ends its task. */
function denyConfirm({ number }: TaskState, stepName: string): NonNullable<Button['confirm']> {
  return {
    title: `Deny “${line(stepName, 80)}”?`,
    text: `#${number} ends without running it. What is done so far is kept on its branch.`,
    yes: 'Deny',
  };
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
    ...wholeBlocks(approval),
    ...(approval.rule === undefined
      ? []
      : buttonBlocks([
          { label: 'Change the rule…', action: encodeAction({ verb: 'change-rule', subject: approval.rule.id }) },
          { label: 'Ask again from now on', action: encodeAction({ verb: 'forget-rule', subject: approval.id }) },
        ])),
  ];
}

function shownLabel(status: ApprovalStatus): string {
  return status === 'approved' ? 'Exactly this was approved' : 'This was asked';
}

/** Who decided what, when, and by what right. */
export function decision(approval: Approval): RichText {
  const at = approval.decidedAt === undefined ? [] : [', ', time(approval.decidedAt)];
  if (approval.status === 'withdrawn') {
    return [`${quoted(approval.stepName)} is no longer asked: ${noLonger(approval)}`, ...at, '.'];
  }
  if (approval.rule !== undefined) {
    const { madeBy, madeAt } = approval.rule;
    return [`${quoted(approval.stepName)} is allowed because ${line(madeBy, 60)} said always, `, time(madeAt), '.'];
  }
  const others = (approval.status === 'approved' ? (approval.votes ?? []) : []).map(({ by }) => line(by.name, 60));
  const by = joinWords([...others, deciderOf(approval)]);
  return [`${quoted(approval.stepName)} was ${approval.status} by ${by}`, ...at, '.'];
}

function decidedWords(approval: Approval): string {
  if (approval.status === 'withdrawn') return `no longer asked, ${noLonger(approval)}.`;
  if (approval.rule !== undefined) return `allowed by a rule of ${line(approval.rule.madeBy, 60)}.`;
  return `${approval.status} by ${deciderOf(approval)}.`;
}

function noLonger({ permission }: Approval): string {
  return permission === undefined ? 'the task ended' : 'the agent no longer waits for it';
}

function deciderOf({ decidedBy }: Approval): string {
  return line(decidedBy?.name ?? 'Commander', 60);
}
