import type { Block } from './message.ts';

/** A view as the app describes it, checked. */
export interface ViewInput {
  readonly type: 'modal' | 'home';
  readonly blocks: readonly Block[];
  readonly title?: { readonly type: 'plain_text'; readonly text: string };
  readonly submit?: { readonly type: 'plain_text'; readonly text: string };
  readonly close?: { readonly type: 'plain_text'; readonly text: string };
  readonly private_metadata?: string;
  readonly callback_id?: string;
  readonly external_id?: string;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
}

/** A view that a person has before him. Live: updates change it. */
export interface OpenView {
  readonly id: string;
  readonly user: string;
  readonly rootViewId: string;
  readonly previousViewId: string | null;
  /** Grows with every update; `views.update` may name the one that it saw. */
  hash: string;
  shown: ViewInput;
  /** What the app last said was wrong, by block id. */
  errors: Readonly<Record<string, string>>;
  closed: boolean;
}
