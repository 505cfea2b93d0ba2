import type { StoredBytes } from '#core/run/stored-file.ts';
import type { PermissionAsked } from './agent-work.ts';
import type { Person } from './person.ts';
import type { WithFiles } from './said-files.ts';

export type ApprovalStatus = 'open' | 'approved' | 'denied' | 'refined' | 'withdrawn';

/** A person's decision about exactly what was shown: `hash` binds the two. */
export interface Approval {
  readonly id: string;
  readonly stepId: string;
  /** Of the step, or of what an agent wants to do in it. */
  readonly stepName: string;
  readonly reason: string;
  /** The exact action in words that a person can read: the command with its arguments and environment. */
  readonly shown: string;
  /** The same as a file, where it is too long for a card: then `shown` is its beginning. */
  readonly whole?: StoredBytes;
  /** SHA-256 of the canonical action including the commit it starts from, hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the step's declaration without inputs: what an "always" rule is about. */
  readonly ruleHash: string;
  readonly status: ApprovalStatus;
  readonly askedAt: string;
  /** Who has approved so far, where more than one person has to. */
  readonly votes?: readonly Vote[];
  readonly decidedAt?: string;
  readonly decidedBy?: Person;
  readonly note?: string;
  /** Set when a standing rule decided. */
  readonly rule?: { readonly id: string; readonly madeBy: string; readonly madeAt: string };
  /** Asked by an agent in the middle of its step: denied, it goes on without. */
  readonly permission?: PermissionAsked;
  /** How often it was brought to mind, and when last. */
  readonly reminders?: Reminders;
  /** The agent that asked has heard the decision. Until then the next run finds it by its hash, should this one end. */
  readonly heard?: true;
}

/** One person's yes. */
export interface Vote {
  readonly by: Person;
  readonly at: string;
}

/** What is asked, and what was answered: files that came with the answer among it. */
export interface Question extends WithFiles {
  readonly id: string;
  readonly text: string;
  readonly options: readonly QuestionOption[];
  readonly status: 'open' | 'answered' | 'timed-out' | 'withdrawn';
  readonly askedAt: string;
  /** Until when an answer is waited for, and what happens then; absent: for ever. */
  readonly limit?: QuestionLimit;
  /** How often it was brought to mind, and when last. */
  readonly reminders?: Reminders;
  /** When it was answered, or timed out. */
  readonly answeredAt?: string;
  readonly answeredBy?: Person;
  /** What was answered; of one that timed out, what was taken instead, if anything. */
  readonly answer?: string;
  /** What the answer decides: whether a step that may have run half is done again; or an agent wants to know. */
  readonly about: { readonly kind: 'unsafe-step' | 'agent' | 'review'; readonly stepId: string };
  /** Who is asked by name; absent: whoever has to do with the task. */
  readonly asks?: Person;
  /** Only who may approve answers it. */
  readonly needs?: 'decide';
}

/** The end of the wait for an answer, known when it is asked. */
export interface QuestionLimit {
  /** ISO 8601. */
  readonly until: string;
  readonly otherwise: Otherwise;
  /** When the wait began anew, because nobody could have answered before: Commander was away. */
  readonly extendedAt?: string;
}

/** What happens when nobody answers in time: an answer is taken, its agent goes on without one, or the task is paused. */
export type Otherwise =
  | { readonly kind: 'answer'; readonly answer: string }
  | { readonly kind: 'without' }
  | { readonly kind: 'pause' };

/** How something open was brought to mind. */
export interface Told {
  /** Who is reminded by name, and may answer; absent: it waits for no one person. */
  readonly to?: Person;
  /** By the reminder of something else, in another place. */
  readonly elsewhere?: true;
  /** What else waited for the same person. */
  readonly also?: AlsoWaiting;
}

/** What else waited for somebody when he was reminded: in other threads, so none of its words. */
export interface AlsoWaiting {
  readonly things: readonly WaitingThing[];
  /** So many that are not among them. */
  readonly more: number;
}

export interface WaitingThing {
  readonly kind: 'approval' | 'question' | 'request';
  /** Of the task, where it is one. */
  readonly number?: number;
  readonly project?: string;
  /** Where its thread is. */
  readonly href?: string;
  /** When it ends by itself. */
  readonly until?: string;
}

/** That something open was brought to mind: how often, and when and how last. */
export interface Reminders extends Omit<Told, 'elsewhere'> {
  readonly count: number;
  readonly lastAt: string;
  /** Which of them, from 1, have no post of their own: they were told with something else. */
  readonly along?: readonly number[];
}

export interface QuestionOption {
  readonly value: string;
  readonly label: string;
}
