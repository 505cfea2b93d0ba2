import type { Inline, RichText } from '#core/chat/inline.ts';
import type { Action, TaskState } from '#core/task/state.ts';
import { line } from './limits.ts';

/** The title of a task within a card's title: leaves room for its number and its status. */
const taskTitleLimit = 90;

export function bold(text: string): Inline {
  return { kind: 'bold', text };
}

export function code(text: string): Inline {
  return { kind: 'code', text };
}

export function time(at: string): Inline {
  return { kind: 'time', at };
}

export function elapsed(since: string): Inline {
  return { kind: 'elapsed', since };
}

/** `#42 Release 1.2.0 · ` and what comes after it. */
export function taskTitle(state: TaskState, ...after: readonly Inline[]): RichText {
  const title = line(state.title, taskTitleLimit);
  return [{ kind: 'task', number: state.number }, title === '' ? ' · ' : ` ${title} · `, ...after];
}

/** The same as a plain sentence: `#42 Release 1.2.0 is running.` */
export function taskSentence(state: TaskState, predicate: string): string {
  const title = line(state.title, taskTitleLimit);
  return `#${state.number}${title === '' ? '' : ` ${title}`} ${predicate}`;
}

/** What a delivery goes to: the branch that the work began from, or the folder itself. */
export function deliveryPlace({ workspace, delivery }: TaskState): RichText {
  if (workspace?.ofFolder) return ['the folder'];
  return [code(line(delivery?.branch ?? workspace?.baseBranch ?? '', 100))];
}

/** A commit as people read it: its first 7 characters, as git shows it. */
export function commit(id: string): Inline {
  return code(line(id, 64).slice(0, 7));
}

/** A name, or other words of others, between quotation marks. */
export function quoted(words: string, maxLength = 100): string {
  return `“${line(words, maxLength)}”`;
}

/** Of the reason for an action: a sentence. */
export const whyLength = 160;

/** What happened, with the command or file where it is known. */
export function actionWords({ text, code: detail }: Action, maxLength = 200): RichText {
  const words = line(text, maxLength);
  return detail === undefined ? [words] : [words, ' ', code(line(detail, maxLength))];
}

/** Pieces of several sentences in one paragraph. */
export function sentences(...parts: readonly (RichText | undefined)[]): RichText {
  return parts
    .filter((part): part is RichText => part !== undefined && part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [' ', ...part]));
}

/** A text that ends as a sentence does. */
export function sentence(text: string): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`. */
export function ordinal(count: number): string {
  const [tens, ones] = [count % 100, count % 10];
  if (tens >= 11 && tens <= 13) return `${count}th`;
  return `${count}${{ 1: 'st', 2: 'nd', 3: 'rd' }[ones] ?? 'th'}`;
}
