import { answerFromText } from './answer-text.ts';
import { readSaid } from './said.ts';
import type { TaskState } from './state.ts';

/** Whom words in a thread are for, and what is left of them. */
export interface Hearing {
  readonly task: TaskState;
  readonly text: string;
  /** The words begin with its number. */
  readonly named: boolean;
  /** Others that were under way there and could have been meant; empty where the words say whom they are for. */
  readonly others: readonly TaskState[];
}

/**
 * Which of the tasks that are under way in a thread hears what is said there: the one that is named (`#12: …`), else the one whose
 * question has it for an option, else the newest. `underWay` has the newest first; `undefined` when it is empty.
 */
export function whoHears(underWay: readonly TaskState[], text: string): Hearing | undefined {
  const [newest] = underWay;
  if (newest === undefined) return undefined;
  const [named, rest] = readNumber(text);
  const meant = underWay.find(({ number }) => number === named);
  if (meant !== undefined) return { task: meant, text: rest, named: true, others: [] };
  const said = readSaid(text);
  const asking = said.marked ? undefined : underWay.find((each) => hasForOption(each, said.text));
  if (asking !== undefined) return { task: asking, text, named: false, others: [] };
  return { task: newest, text, named: false, others: underWay.slice(1) };
}

/** The number that words begin with, and what follows it. */
export function readNumber(text: string): readonly [number | undefined, string] {
  const [all = '', number] = /^\s*#(\d{1,9})\s*[:,]\s*/.exec(text) ?? [];
  return [number === undefined ? undefined : Number(number), text.slice(all.length)];
}

function hasForOption({ questions }: TaskState, text: string): boolean {
  const { options } = questions.find(({ status }) => status === 'open') ?? { options: [] };
  return options.length > 0 && answerFromText({ options }, text) !== undefined;
}
