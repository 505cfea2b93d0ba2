import type { Reminders } from '../task/asked.ts';
import type { AnswerTime } from '../task/question-due.ts';

/** Where something is done: a project, or one runbook of it. */
export interface Place {
  readonly projectId: string;
  readonly runbookId?: string;
}

/** A place that a request may mean, as people call it. */
export interface PlaceChoice extends Place {
  readonly label: string;
}

/** What must be known before a request can become a task. */
export type Wanted =
  | {
      readonly kind: 'place';
      readonly choices: readonly PlaceChoice[];
      /** Why it is not clear, where that is more than that several fit: a sentence each. */
      readonly notes?: readonly string[];
    }
  | {
      readonly kind: 'inputs';
      readonly project: { readonly id: string; readonly name: string };
      readonly runbook: { readonly id: string; readonly name: string };
      /** What was said already, by input. */
      readonly given: Readonly<Record<string, string>>;
      /** By input: a sentence that says what is wrong and what to give. */
      readonly problems: Readonly<Record<string, string>>;
    };

/** How long a request waits for an answer. */
export interface AskLimit extends AnswerTime {
  /** Commander was away when the time was over: people have time anew. */
  readonly again?: true;
}

/** A request of a message that waits for an answer, had one, or had none in time. */
export interface Ask {
  /** Which of the message's requests it is, from 0. */
  readonly part: number;
  /** The request as it was said. */
  readonly text: string;
  /** Which of the cards that answer the message shows it, from 0. */
  readonly card: number;
  readonly wanted: Wanted;
  /** What was chosen before. */
  readonly place?: Place;
  /** What people answered, a sentence each. */
  readonly answers: readonly string[];
  /** Absent only where it was asked by an older Commander. */
  readonly limit?: AskLimit;
  /** That it was brought to mind. */
  readonly reminders?: Reminders;
  /** When it ended because nobody had answered: nothing was started. */
  readonly endedAt?: string;
  /** The task that it became. */
  readonly taskNumber?: number;
}
