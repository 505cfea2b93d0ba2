import type { Card } from './card.ts';
import type { Modal } from './modal.ts';

/** Where a task talks: a thread of a channel of a platform. The parts are the platform's own ids, opaque to everyone else. */
export interface ThreadAddress {
  readonly platform: string;
  readonly channel: string;
  readonly thread: string;
}

/** A person as the platform signs for it. `externalId` decides; `name` is only ever displayed. */
export interface Sender {
  readonly externalId: string;
  readonly name: string;
}

/** A file that came with a message. `ChatAdapter.download` streams its bytes. */
export interface IncomingFile {
  readonly externalId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

/** Something said to the bot, with the platform's own id: the same id is the same message, however often it is delivered. */
export interface IncomingMessage {
  readonly externalId: string;
  readonly thread: ThreadAddress;
  readonly sender: Sender;
  /** The words without the mention of the bot. */
  readonly text: string;
  readonly files: readonly IncomingFile[];
  /** Whether the bot was addressed by name; else the message is a plain reply in a thread that it takes part in. */
  readonly addressed: boolean;
  /** Whether the message opened its thread. */
  readonly opensThread: boolean;
}

/** A press of a card's button: `action` is the text that the card gave. */
export interface ButtonPress {
  readonly action: string;
  readonly thread: ThreadAddress;
  readonly sender: Sender;
}

export interface ModalSubmission {
  readonly modalId: string;
  readonly thread: ThreadAddress;
  readonly sender: Sender;
  readonly values: Readonly<Record<string, string>>;
}

/** What the presser alone gets to see at once; all that concerns the thread comes to it as cards. */
export type InteractionReply =
  | { readonly kind: 'done' }
  | { readonly kind: 'notice'; readonly tone: 'success' | 'warning' | 'danger'; readonly text: string }
  | { readonly kind: 'modal'; readonly modal: Modal }
  /** Problems of a submitted form by field name; the form stays open. */
  | { readonly kind: 'problems'; readonly problems: Readonly<Record<string, string>> };

/** One completion while typing after the mention. */
export interface Suggestion {
  /** What replaces the words typed so far. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

/** What the application offers to an adapter. Every call returns only after the database has committed. */
export interface ChatHost {
  /** Takes a message durably. `new: false` when this id was known already: a redelivery changes nothing. */
  accept(message: IncomingMessage): Promise<{ readonly new: boolean }>;
  /** Whether un-addressed replies in this thread concern the bot. */
  follows(thread: ThreadAddress): Promise<boolean>;
  press(press: ButtonPress): Promise<InteractionReply>;
  submit(submission: ModalSubmission): Promise<InteractionReply>;
  suggest(words: string, sender: Sender): Promise<readonly Suggestion[]>;
}

/** The id that a platform gave to a post of ours. */
export type PostId = string;

/**
 * A chat platform. The presenter calls `create` and `edit`; everything else comes from the platform through the host.
 * Business code never sees an adapter.
 */
export interface ChatAdapter {
  readonly platform: string;
  /** HTTP requests that belong to this platform; `undefined` when the request is not its own. */
  readonly handle?: (request: Request) => Promise<Response | undefined>;
  start(host: ChatHost): Promise<void>;
  /** Takes nothing new, finishes what is under way, closes connections. */
  stop(): Promise<void>;
  /**
   * Posts a card. `key` is globally unique and stable: a second call with the same key returns the first post.
   * @throws PostRefused when the platform will never take it (thread gone, no right to post).
   */
  create(thread: ThreadAddress, card: Card, key: string): Promise<PostId>;
  /** Replaces what the post shows. `revision` grows: an older one never replaces a newer one. */
  edit(thread: ThreadAddress, post: PostId, card: Card, revision: number): Promise<void>;
  /** The address of a thread for people, where the platform has one: absolute or a path beginning with `/`. */
  linkTo(thread: ThreadAddress): string | undefined;
  /** Streams a file that came with a message. */
  download(file: IncomingFile): Promise<AsyncIterable<Uint8Array>>;
}

/** A platform says no for good: repeating would not help. The message says why, in words for an operator. */
export class PostRefused extends Error {
  readonly code = 'post_refused';
}
