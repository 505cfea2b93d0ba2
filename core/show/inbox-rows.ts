import { plainPresentation } from '../preferences/resolve.ts';
import type { Approval, Question } from '../task/asked.ts';
import { decidersOf } from '../task/deciders.ts';
import type { TaskState } from '../task/state.ts';
import { showApproval } from './approval.ts';
import type { InboxRow, Together } from './inbox.ts';
import { showQuestion } from './question.ts';

/** A list of many tasks has one tone. */
const { manner } = plainPresentation;

/** What of a task waits for a person; `href` is where its thread is. */
export function inboxRows(task: TaskState, href?: string): readonly InboxRow[] {
  const about = {
    number: task.number,
    title: task.title,
    project: task.project.name,
    threadHref: href,
    priority: task.priority,
  };
  const isOpen = ({ status }: Approval | Question) => status === 'open';
  return [
    ...task.approvals
      .filter(isOpen)
      .map((each) => ({ ...about, ...approvalRow(task, each), card: showApproval(task, each, manner) })),
    ...(task.escalations ?? []).flatMap(({ open, note, reason, at }) =>
      open ? [{ kind: 'help', ...about, text: note === '' ? reason : note, askedAt: at } as const] : [],
    ),
    ...task.questions
      .filter(isOpen)
      .map((each) => ({ ...about, ...questionRow(task, each), card: showQuestion(task, each, manner) })),
  ];
}

type Asked = Pick<InboxRow, 'kind' | 'text' | 'askedAt' | 'until' | 'same' | 'together'>;

/** One answer is for approvals of which exactly the same is shown, all of it, and which one person decides. */
function approvalRow(task: TaskState, { id, hash, ruleHash, reason, shown, whole, askedAt }: Approval): Asked {
  const same = JSON.stringify(['approval', task.project.id, ruleHash, reason, shown, whole?.sha256]);
  const alone = whole === undefined && decidersOf(task).people === 1;
  const together: Together = { kind: 'approval', id, hash, options: [] };
  return { kind: 'approval', text: reason, askedAt, same, ...(alone ? { together } : {}) };
}

/** Whether a step is safe to repeat is asked of each task by itself. */
function questionRow(task: TaskState, { id, text, options, about, askedAt, limit }: Question): Asked {
  const labels = options.map(({ label }) => label);
  const same = JSON.stringify(['question', task.project.id, text, labels]);
  const together: Together = { kind: 'question', id, hash: '', options: labels };
  return {
    kind: 'question',
    text,
    askedAt,
    same,
    ...(limit === undefined ? {} : { until: limit.until }),
    ...(about.kind === 'agent' && labels.length > 0 ? { together } : {}),
  };
}
