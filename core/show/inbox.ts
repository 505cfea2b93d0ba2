import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card } from '#core/chat/card.ts';
import type { Inline, RichText } from '#core/chat/inline.ts';
import { plural } from '#core/text/plural.ts';
import { keptBack } from './kept-back.ts';
import { buttonBlocks, line, listBlock } from './limits.ts';
import { bold, elapsed, quoted, time } from './pieces.ts';
import { taskLink } from './task-list.ts';

/** Something that waits for a person. */
export interface InboxRow {
  /** `request`: it is no task yet, because something must be known first. */
  readonly kind: 'approval' | 'question' | 'help' | 'request';
  /** Of the task, where it is one. */
  readonly number?: number;
  /** Of the task; of a request that is none yet, what was said. */
  readonly title: string;
  /** Where it is done, once that is known. */
  readonly project?: string;
  /** What is asked. */
  readonly text: string;
  readonly askedAt: string;
  readonly threadHref?: string;
  /** When it ends by itself (ISO 8601). */
  readonly until?: string;
  /** Of the task: 0 is first. */
  readonly priority?: number;
  /** What all that ask the same have in common, to the letter. */
  readonly same?: string;
  /** How one answer can be given to all that ask the same; absent: each is answered by itself. */
  readonly together?: Together;
  /** The same as its thread shows it, with its answers. */
  readonly card?: Card;
}

/** Something that can be answered together with others: exactly what was shown is the same. */
export interface Together {
  readonly kind: 'approval' | 'question';
  readonly id: string;
  /** Of an approval: what its decision is bound to. */
  readonly hash: string;
  /** Of a question: its answers. */
  readonly options: readonly string[];
}

/** Rows that ask the same. */
export type InboxLine = readonly [InboxRow, ...InboxRow[]];

/** How a list is ordered: by the longest wait, or by what ends or matters first; `urgent`: that way, and only what is urgent. */
export type InboxOrder = 'oldest' | 'soonest' | 'urgent';

/** What ends by itself within so long (ms) is urgent: a day. */
const urgentMs = 24 * 3_600_000;

/** What tasks have where nobody said that they are urgent, or are not. */
const usualPriority = 50;

/** Whether something does not bear waiting: it ends soon, or its task goes before others. */
export function isUrgent({ until, priority = usualPriority }: InboxRow, now: string): boolean {
  const endsSoon = until !== undefined && Date.parse(until) - Date.parse(now) < urgentMs;
  return endsSoon || priority < usualPriority;
}

/** The lines of a list that is ordered so: where only what is urgent is wanted, nothing else. */
export function linesInOrder(rows: readonly InboxRow[], order: InboxOrder, now: string): readonly InboxLine[] {
  return foldRows(order === 'urgent' ? rows.filter((row) => isUrgent(row, now)) : rows, order);
}

/** Puts rows that ask the same into one line, and the lines into their order. */
export function foldRows(rows: readonly InboxRow[], order: InboxOrder): readonly InboxLine[] {
  const lines = new Map<string, [InboxRow, ...InboxRow[]]>();
  const sorted = rows.toSorted((one, other) => (before(one, other, order) ? -1 : 1));
  for (const [index, row] of sorted.entries()) {
    const key = row.same ?? `${index}`;
    const same = lines.get(key);
    if (same === undefined) lines.set(key, [row]);
    else same.push(row);
  }
  return [...lines.values()];
}

function before(one: InboxRow, other: InboxRow, order: InboxOrder): boolean {
  const urgency = (row: InboxRow) => `${row.until ?? '9'} ${String(row.priority ?? usualPriority).padStart(3, '0')}`;
  if (order !== 'oldest' && urgency(one) !== urgency(other)) return urgency(one) < urgency(other);
  return one.askedAt < other.askedAt;
}

/** What belongs to a line's one answer: its rows, if all of them can be answered together and there are several. */
export function answeredTogether(rows: InboxLine): readonly Together[] {
  const together = rows.flatMap((row) => row.together ?? []);
  return rows.length > 1 && together.length === rows.length ? together : [];
}

export interface InboxView {
  /** Folded and in order. */
  readonly lines: readonly InboxLine[];
  /** By the first id of a line that can be answered at once: what stands for exactly these. */
  readonly bound?: ReadonlyMap<string, string>;
  /** What narrows the list, in words: `in demo`. */
  readonly filter?: string;
  /** Said by buttons: other lists. */
  readonly messageId?: string;
  /** The asker's own tasks that wait and are not shown, because others read where he asks. */
  readonly keptBack?: number;
}

/** All that waits for a person, as folded; lines that ask exactly the same have one answer. */
export function showInbox({ lines, bound = new Map(), filter = '', messageId, keptBack: apart = 0 }: InboxView): Card {
  const all = lines.reduce((count, rows) => count + rows.length, 0);
  const title = `${waitingWords(all)}${filter === '' ? '' : ` ${line(filter, 80)}`}`;
  return {
    key: 'inbox',
    tone: all === 0 ? 'neutral' : 'waiting',
    title: [title],
    summary: `${title}.`,
    blocks: [
      ...(all === 0 ? [] : [listBlock(lines.map(inboxLine))]),
      ...lines.flatMap((rows) => togetherBlocks(rows, bound)).slice(0, mostTogether),
      ...keptBack(apart, 'task'),
      ...(messageId === undefined ? [] : buttonBlocks(lists.map((label, index) => otherList(messageId, label, index)))),
    ],
  };
}

/** Lines whose one answer has buttons. */
const mostTogether = 6;

const lists = ['inbox', 'inbox mine', 'inbox urgent'] as const;

function otherList(messageId: string, label: string, index: number): Button {
  return { label, action: encodeAction({ verb: 'run', subject: messageId, choice: String(index) }) };
}

/** How much waits for people: `2 things wait for a person`. */
export function waitingWords(count: number): string {
  return count === 0
    ? 'Nothing waits for you'
    : `${plural(count, 'thing')} ${count === 1 ? 'waits' : 'wait'} for a person`;
}

/** What something that waits is, in words. */
export const kindWords = {
  approval: 'Approval',
  question: 'Question',
  help: 'Help is asked for',
  request: 'Needed before it begins',
} as const;

/** Tasks of one line that are named; the rest is counted. */
const namedInLine = 10;

function inboxLine(rows: InboxLine): RichText {
  const [row] = rows;
  const ends: RichText = row.until === undefined ? [] : [', until ', time(row.until)];
  return [
    ...(rows.length === 1 ? subject(row) : subjects(rows)),
    ' · ',
    bold(kindWords[row.kind]),
    `${row.project === undefined ? '' : ` in ${line(row.project, 60)}`}: ${line(row.text, 200)} · `,
    elapsed(row.askedAt),
    ...ends,
  ];
}

function subjects(rows: InboxLine): RichText {
  const what = rows[0].number === undefined ? 'request' : 'task';
  const named = rows.slice(0, namedInLine).flatMap((row, index): RichText => [index === 0 ? ' ' : ', ', link(row)]);
  const more = rows.length > namedInLine ? ` and ${rows.length - namedInLine} more` : '';
  return [bold(`${plural(rows.length, what)} ask:`), ...named, more];
}

function link({ number, title, threadHref }: InboxRow): Inline {
  if (number !== undefined) return taskLink({ number, threadHref });
  const words = quoted(line(title, 40));
  return threadHref === undefined ? words : { kind: 'link', text: words, href: threadHref };
}

function subject(row: InboxRow): RichText {
  return row.number === undefined ? [link(row)] : [link(row), ` ${line(row.title, 90)}`];
}

/** The one answer of a line whose rows ask exactly the same: `bound` stands for what they showed. */
export function togetherBlocks(rows: InboxLine, bound: ReadonlyMap<string, string>): readonly Block[] {
  const [first] = answeredTogether(rows);
  const digest = first === undefined ? undefined : bound.get(first.id);
  if (first === undefined || digest === undefined) return [];
  const button = (label: string, index: number): Button => ({
    label: `${line(label, 40)} (all ${rows.length})`,
    action: encodeAction({ verb: 'together', subject: first.id, choice: `${index}-${digest}` }),
    ...(first.kind === 'approval' && index > 0 ? { confirm: denyConfirm(rows) } : {}),
  });
  return buttonBlocks(answersOf(first).map(button));
}

function denyConfirm(rows: InboxLine): NonNullable<Button['confirm']> {
  const tasks = rows.map(({ number }) => `#${number}`).join(', ');
  return {
    title: `Deny it for all ${rows.length}?`,
    text: `${line(tasks, 200)}: a step of a runbook that is denied ends its task; an agent goes on without.`,
    yes: 'Deny all',
  };
}

/** What can be said to all at once, by index. */
export function answersOf({ kind, options }: Together): readonly string[] {
  return kind === 'approval' ? ['Approve', 'Deny'] : options;
}
