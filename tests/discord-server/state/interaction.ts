import type { Message } from './message.ts';
import type { User } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

/** Types of interactions (docs, Interactions: type). */
export const interactionType = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** What somebody did that the bot has to answer. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: 2 | 3 | 4 | 5;
  readonly user: User;
  readonly channelId: string;
  readonly createdAt: number;
  readonly data: Json;
  /** The message whose component was used, or that the form came from. */
  readonly message?: Message;
  /** When the bot answered. */
  acknowledgedAt?: number;
  /** The number that it answered with. */
  callback?: number;
  /** What a person sees at once. */
  shown?: Shown;
  /** The message that answers it, ephemeral or not; also the one that is still to come ("is thinking"). */
  original?: Message;
  readonly followUps: Message[];
}

/** What an interaction was answered with. */
export type Shown =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'deferred'; readonly message: Message }
  | { readonly kind: 'deferred_update' }
  | { readonly kind: 'update'; readonly message: Message }
  | {
      readonly kind: 'choices';
      readonly choices: ReadonlyArray<{ readonly name: string; readonly value: string | number }>;
    }
  | { readonly kind: 'modal'; readonly modal: Modal };

/** A form that is open. */
export interface Modal {
  readonly interaction: Interaction;
  readonly customId: string;
  readonly title: string;
  readonly components: readonly Json[];
}
