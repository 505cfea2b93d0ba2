import type { RichText } from './inline.ts';

/** A form that a button opens. `id` carries what the form is about, in the same encoding as a button's action. */
export interface Modal {
  readonly id: string;
  readonly title: string;
  /** Plain sentences above the fields. */
  readonly intro: readonly string[];
  /** The same in pieces, for a platform whose forms can show a moment on the reader's clock. */
  readonly introPieces?: readonly RichText[];
  readonly submit: string;
  readonly fields: readonly ModalField[];
}

export type ModalField =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly hint?: string;
      readonly value?: string;
      readonly multiline?: true;
      readonly optional?: true;
    }
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly label: string;
      readonly options: readonly ModalOption[];
      readonly value?: string;
    }
  /** Any number of options; the submitted value holds the chosen ones, one a line. */
  | {
      readonly kind: 'checkboxes';
      readonly name: string;
      readonly label: string;
      readonly options: readonly ModalOption[];
      readonly values: readonly string[];
    }
  /** Files; they come in `ModalSubmission.files`. */
  | { readonly kind: 'file'; readonly name: string; readonly label: string; readonly optional?: true };

export interface ModalOption {
  readonly value: string;
  readonly label: string;
}
