import type { TaskState } from '../task/state.ts';
import type { InboxRow } from './replies.ts';

/** What of a task waits for a person; `href` is where its thread is. */
export function inboxRows(task: TaskState, href?: string): readonly InboxRow[] {
  const about = { number: task.number, title: task.title, project: task.project.name, threadHref: href };
  const approvals = task.approvals.filter((each) => each.status === 'open');
  const questions = task.questions.filter((each) => each.status === 'open');
  return [
    ...approvals.map((each) => ({ kind: 'approval', ...about, text: each.reason, askedAt: each.askedAt }) as const),
    ...(task.escalations ?? []).flatMap(({ open, note, reason, at }) =>
      open ? [{ kind: 'help', ...about, text: note === '' ? reason : note, askedAt: at } as const] : [],
    ),
    ...questions.map((each) => ({ kind: 'question', ...about, text: each.text, askedAt: each.askedAt }) as const),
  ];
}
