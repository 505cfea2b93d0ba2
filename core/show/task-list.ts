import type { Block, Card } from '#core/chat/card.ts';
import type { Inline, RichText } from '#core/chat/inline.ts';
import type { TaskStatus, WaitingFor } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { keptBack } from './kept-back.ts';
import { line, listBlock, titleLimit } from './limits.ts';
import { bold, elapsed } from './pieces.ts';

/** A task in one row. */
export interface TaskRow {
  readonly number: number;
  readonly title: string;
  readonly status: TaskStatus;
  readonly waitingFor?: WaitingFor;
  /** `because` of the task. */
  readonly because: { readonly text: string; readonly since: string };
  readonly project: string;
  readonly requester: string;
  /** Where its thread is: absolute, or a path beginning with `/`. */
  readonly threadHref?: string;
}

/** Part of a list of tasks. */
export interface TaskSection {
  /** Above it; absent: it is the only one. */
  readonly title?: string;
  /** The ones that matter first. */
  readonly rows: readonly TaskRow[];
  /** Those that are not among the rows. */
  readonly more: number;
  /** What to say to see them. */
  readonly next?: string;
  /** The asker's own that are not shown, because others read where he asks. */
  readonly keptBack?: number;
}

/** Tasks, in one list or in sections; sections without any are left out. */
export function showTaskList(title: string, sections: readonly TaskSection[]): Card {
  const shown = sections.filter(({ rows, more }) => rows.length + more > 0);
  const all = shown.reduce((count, { rows, more }) => count + rows.length + more, 0);
  const apart = sections.reduce((count, section) => count + (section.keptBack ?? 0), 0);
  return {
    key: 'tasks',
    tone: 'neutral',
    title: [line(title, titleLimit)],
    summary: `${line(title, titleLimit)}: ${all === 0 ? 'none' : plural(all, 'task')}.`,
    blocks: [
      ...(all === 0 ? [{ kind: 'text', text: ['There are none.'] } as const] : shown.flatMap(sectionBlocks)),
      ...keptBack(apart, 'task'),
    ],
  };
}

function sectionBlocks({ title, rows, more, next }: TaskSection): readonly Block[] {
  const list = listBlock(rows.map(taskItem), { more, next });
  return title === undefined ? [list] : [{ kind: 'text', text: [bold(line(title, 100))] }, list];
}

function taskItem(row: TaskRow): RichText {
  return [
    taskLink(row),
    ` ${line(row.title, 90)} · `,
    bold(row.status),
    ` in ${line(row.project, 60)}, asked by ${line(row.requester, 60)}: ${line(row.because.text, 150)} · `,
    elapsed(row.because.since),
  ];
}

/** A task's number, leading to where the reader finds it. */
export function taskLink({ number, threadHref }: { readonly number: number; readonly threadHref?: string }): Inline {
  return { kind: 'task', number, ...(threadHref === undefined ? {} : { href: threadHref }) };
}
