import type { RichText } from './inline.ts';

/** What a thread shows in one place: platform-neutral, computed by the pure `show` functions, drawn by an adapter. */
export interface Card {
  /** Stable name of the card within its thread: `understanding`, `status`, `approval:<id>`, `output:<id>` … */
  readonly key: string;
  readonly tone: Tone;
  readonly title: RichText;
  readonly blocks: readonly Block[];
  /** One plain sentence: notifications, screen readers, and platforms that can't draw the card. */
  readonly summary: string;
  /** How the task ended: on the card that tells its end (its report, or its status where nothing was begun). */
  readonly outcome?: TaskOutcome;
  /** The one person whom the card may ping, once, when it first appears. Nobody else is ever pinged by a card. */
  readonly notifies?: { readonly externalId: string; readonly name: string };
}

/** How a task ends. */
export type TaskOutcome = 'completed' | 'failed' | 'cancelled';

/** Colour and weight of a card, never its only signal: the title says the same in words. */
export type Tone = 'neutral' | 'progress' | 'waiting' | 'success' | 'warning' | 'danger';

export type Block =
  | { readonly kind: 'text'; readonly text: RichText }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | { readonly kind: 'plan'; readonly steps: readonly PlanLine[] }
  | { readonly kind: 'actions'; readonly actions: readonly ActionLine[] }
  | { readonly kind: 'list'; readonly items: readonly RichText[] }
  /** Monospaced text exactly as it is; `label` says what it is ("the command that will run"). */
  | { readonly kind: 'code'; readonly label?: string; readonly text: string }
  /** Words that are not Commander's own (a person, an agent, a file): always shown as foreign. */
  | Quote
  | { readonly kind: 'files'; readonly files: readonly CardFile[] }
  | { readonly kind: 'changes'; readonly files: readonly ChangeLine[]; readonly more: number }
  | { readonly kind: 'context'; readonly text: RichText }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  /** A menu: choosing an option acts at once, as a button does. `chosen` is the action of the option that holds now. */
  | { readonly kind: 'select'; readonly label: string; readonly options: readonly Option[]; readonly chosen: string }
  | PersonMenu;

/** A menu of all people of the platform: choosing one acts at once, and the press says whom. */
interface PersonMenu {
  readonly kind: 'person';
  readonly label: string;
  readonly action: string;
  /** Who is chosen now, as the platform knows him. */
  readonly chosen?: { readonly externalId: string; readonly name: string };
}

/** Somebody's words; `written` where they are in Markdown, as agents write: what of it a platform can show, it may. */
interface Quote {
  readonly kind: 'quote';
  readonly from: string;
  readonly text: string;
  readonly written?: 'markdown';
}

export interface Option {
  readonly label: string;
  readonly action: string;
}

export interface Field {
  readonly label: string;
  readonly value: RichText;
}

export type PlanLineState = 'pending' | 'running' | 'waiting' | 'done' | 'failed' | 'skipped';

export interface PlanLine {
  readonly state: PlanLineState;
  readonly title: string;
  /** What is true of this step now: "2nd attempt", "waiting for approval", "took 4 s". */
  readonly detail?: RichText;
}

/** One thing that really happened, newest last. */
export interface ActionLine {
  readonly at: string;
  readonly text: RichText;
}

/** A stored file: shown with a preview where the platform can, always with a download. */
export interface CardFile {
  readonly outputId: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly version: number;
  /** Path on Commander's own pages, beginning with `/`. */
  readonly href: string;
}

export interface ChangeLine {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly added: number;
  readonly removed: number;
}

/** A button acts (`action`, see button.ts) or leads to a page (`href`); one with both leads there where people can open the page, else acts. */
export interface Button {
  readonly label: string;
  readonly style?: 'primary' | 'danger';
  readonly action?: string;
  readonly href?: string;
  /** Asked before the press is sent. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}
