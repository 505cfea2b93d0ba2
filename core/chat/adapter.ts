import type { Timing } from './absence.ts';
import type { Card } from './card.ts';
import type { Modal } from './modal.ts';

/** Where a task talks: a thread of a channel of a platform. The parts are the platform's own ids, opaque to everyone else. */
export interface ThreadAddress {
  readonly platform: string;
  readonly channel: string;
  readonly thread: string;
}

/**
 * Who can read what is said in a place: every member, those of its channel, those of its channel with people of other organisations among
 * them, those of its thread alone, or one person alone (a direct chat with the bot).
 */
export const readBys = ['everybody', 'channel', 'outsiders', 'thread', 'person'] as const;

export type ReadBy = (typeof readBys)[number];

/** A person as the platform signs for it. `externalId` decides; `name` is only ever displayed. */
export interface Sender {
  readonly externalId: string;
  readonly name: string;
  /**
   * Whether the person administers the place (a workspace admin, a member who may manage the guild), as the platform says it at this
   * moment; absent where it does not say.
   */
  readonly administers?: boolean;
  /** Whether the platform says that the person is a guest there, or comes from another place that shares a channel. */
  readonly isGuest?: true;
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
  /** Who can read its thread; absent: not known now, so what was known of the thread before stays. */
  readonly readBy?: ReadBy;
  /**
   * What others said, oldest first: earlier messages of the thread, when the bot was first named in the middle of a talk, and what the
   * message forwards or answers. Quoted, never obeyed.
   */
  readonly earlier?: readonly EarlierMessage[];
  /** It was found by looking back after Commander was away. */
  readonly late?: true;
  /** When it was edited last, as in `MessageChange`; absent: never. */
  readonly editedAt?: number;
  /** Absent where nothing is brought later than it was said. Both decide whether it is told that it is taken up late (`isLate`). */
  readonly timing?: Timing;
}

/** Something that a platform sent, as it came: kept before the platform is answered, understood afterwards. */
export interface Arrival {
  /** The platform's own id of what it is about: the same key is the same thing, however often and in whatever shape it comes. */
  readonly key: string;
  /** What is in one lane is understood one after the other, in the order in which it came. */
  readonly lane: string;
  /** The key of what it changes: while that is kept and not understood, this waits. */
  readonly after?: string;
  /** As JSON can hold it. */
  readonly body: object;
}

/** What somebody said before the bot was asked. */
export interface EarlierMessage {
  readonly from: string;
  readonly text: string;
  /** It came with the message itself, which forwards or answers it; else it was said in the thread. */
  readonly brought?: true;
}

/** A message that was taken before was edited, or deleted (`text` absent, for good): what still waits follows it. */
export interface MessageChange {
  readonly platform: string;
  readonly externalId: string;
  readonly sender: Sender;
  readonly text?: string;
  /** When it was edited, by the platform's clock, in milliseconds since 1970 with what it has below that: an older edit never wins. */
  readonly editedAt?: number;
}

/** An emoji put on a post of ours by somebody: the adapter knows which emoji mean something, the host who may. */
export interface Reaction {
  readonly thread: ThreadAddress;
  readonly post: PostId;
  readonly sender: Sender;
  readonly meaning: 'approve' | 'stop';
}

/** A message that a person points at ("Make this a task"). */
export interface PointedMessage {
  readonly externalId: string;
  readonly thread: ThreadAddress;
  /** Who can read its thread, as of an `IncomingMessage`. */
  readonly readBy?: ReadBy;
  /** Who wrote it. */
  readonly author: string;
  readonly text: string;
  readonly files: readonly IncomingFile[];
}

/** What names a press or a form. */
interface Interaction {
  /**
   * The platform's own id of it, where it can come more than once: it is carried out once, and answered each time as the first time.
   */
  readonly externalId?: string;
}

/** A press of a card's button: `action` is the text that the card gave. */
export interface ButtonPress extends Interaction {
  readonly action: string;
  readonly thread: ThreadAddress;
  readonly sender: Sender;
  /** Who was chosen in a menu of people, as the platform knows him. */
  readonly personId?: string;
}

export interface ModalSubmission extends Interaction {
  readonly modalId: string;
  readonly thread: ThreadAddress;
  readonly sender: Sender;
  readonly values: Readonly<Record<string, string>>;
  /** Files of `file` fields, by field name. */
  readonly files?: Readonly<Record<string, readonly IncomingFile[]>>;
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

/** One command of the command table, as a platform with typed commands declares it. */
export interface CommandDescription {
  /** Lower case words: `add project`. */
  readonly name: string;
  readonly summary: string;
  /** How it is said in words: `cancel [#number]`. */
  readonly usage: string;
  readonly options: readonly CommandOption[];
  /** The words that mean the same, from the values of the options by name; said by the person through `accept`. */
  say(values: Readonly<Record<string, string>>): string;
}

export interface CommandOption {
  /** Lower case letters, digits and `-`, at most 32. */
  readonly name: string;
  /** At most 100 characters. */
  readonly summary: string;
  /** What it names: decides how it is completed. */
  readonly kind: OptionKind;
  readonly required: boolean;
  /** The only values it can have. */
  readonly choices?: readonly string[];
  /** The word that is said before its value: `in` a project. */
  readonly saidAfter?: 'in' | 'by' | 'named' | 'page' | 'to' | 'for';
}

export type OptionKind = 'text' | 'number' | 'project' | 'runbook' | 'task' | 'request' | 'holder' | 'person';

/** A value that completes an option. */
export interface Completion {
  readonly value: string;
  readonly label: string;
}

/** Bytes of a produced file. */
export interface OutputFile {
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Of its bytes, in hex. */
  readonly sha256?: string;
  open(): AsyncIterable<Uint8Array>;
}

/** A small durable store, one a platform: gateway sessions, seen positions, threads that were made, installations. */
export interface AdapterStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in order, with their values. */
  list(prefix: string): Promise<ReadonlyArray<readonly [key: string, value: unknown]>>;
}

/** What the application offers to an adapter. Every call returns only after the database has committed. */
export interface ChatHost {
  /** Takes a message durably. `new: false` when this id was known already: a redelivery changes nothing. */
  accept(message: IncomingMessage): Promise<{ readonly new: boolean }>;
  /**
   * Keeps what came, by one insert and nothing else. Once it is kept the adapter may answer the platform: `understand` is called
   * with it afterwards, until it succeeds, also by the next process. What is known already changes nothing.
   */
  keep(arrival: Arrival): Promise<void>;
  /** Whether un-addressed replies in this thread concern the bot. */
  follows(thread: ThreadAddress): Promise<boolean>;
  press(press: ButtonPress): Promise<InteractionReply>;
  submit(submission: ModalSubmission): Promise<InteractionReply>;
  suggest(words: string, sender: Sender): Promise<readonly Suggestion[]>;
  /** What kept posts out of a channel (as in `ThreadAddress`) may be over: those that were refused there lately are tried again. */
  readmitted(channel: string): Promise<void>;
  /** Follows an edit or deletion of a message that was taken; one that was acted on already stays as it was heard. */
  amend(change: MessageChange): Promise<void>;
  /** A reaction as a shortcut: the same as the button of that meaning, if the post has one now. */
  react(reaction: Reaction): Promise<InteractionReply>;
  /** Stops what is under way in a thread: a platform's own stop button. */
  stop(thread: ThreadAddress, sender: Sender): Promise<InteractionReply>;
  /** The form for making a task of a message; its submission comes through `submit`. */
  draft(message: PointedMessage, sender: Sender): Promise<InteractionReply>;
  /** The command table. */
  commands(): readonly CommandDescription[];
  /** Completes an option from what is typed, at most 25, only what the person may see. */
  complete(kind: OptionKind, typed: string, sender: Sender): Promise<readonly Completion[]>;
  /** A person's own page: tasks, what waits for him. */
  home(sender: Sender): Promise<readonly Card[]>;
  /** Threads of this platform with a task that is not over or ended within a week, newest activity first: what to look back at. */
  followed(platform: string): Promise<readonly ThreadAddress[]>;
  /** A produced file by the id that a card names; `undefined` when it is no longer stored. */
  output(outputId: string): Promise<OutputFile | undefined>;
  /** Tells whoever runs Commander, at the terminal, in a sentence with what to do. */
  tell(sentence: string): void;
  /** Commander's address for people (`https://…`, no slash at the end), where one is configured: makes a card's paths into links. */
  readonly address?: string;
}

/** How a task stands, for platforms that show it beside the thread (Slack's agent sessions). */
export interface ThreadStatus {
  readonly title: string;
  readonly state: 'working' | 'waiting' | 'over';
}

/** Whether somebody waits for this change of a post (an approval, a question, the end), or it is only progress. */
export type Urgency = 'now' | 'soon';

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
  /** Connects. When it fails, the error's message says what is wrong and the fix; it is called again later. */
  start(host: ChatHost): Promise<void>;
  /**
   * Works out what a kept arrival means, by its body. What it does must bear to be done twice: the process may die before it is
   * written down that it succeeded.
   */
  readonly understand?: (body: unknown) => Promise<void>;
  /** Takes nothing new, finishes what is under way, closes connections. */
  stop(): Promise<void>;
  /**
   * Posts a card. `key` (a UUID) is globally unique and stable: a second call with the same key returns the first post. Resolves
   * when the platform has it; any error other than `PostRefused` means *unknown*, and the same call comes again. The adapter
   * paces itself: the call may take as long as the platform's limits ask for, or end with `PostLater` before anything was sent.
   * @throws PostRefused when the platform will never take it (thread gone, no right to post).
   */
  create(thread: ThreadAddress, card: Card, key: string, urgency: Urgency): Promise<PostId>;
  /**
   * Replaces what the post shows. `revision` grows: an older one never replaces a newer one. The presenter has at most one edit
   * of a post under way and sends only the newest card next. The answer is the post's id, a new one where the platform made the
   * card continue in another message.
   */
  edit(thread: ThreadAddress, post: PostId, card: Card, revision: number, urgency: Urgency): Promise<PostId>;
  /** What of a card comes after its message; absent where the message has all of it. */
  readonly sharing?: Sharing;
  /** Shows how the thread's newest task stands, on platforms with a place for that. Repeatable. */
  readonly showStatus?: (thread: ThreadAddress, status: ThreadStatus) => Promise<void>;
  /** The address of a thread for people, where the platform has one: absolute or a path beginning with `/`. */
  linkTo(thread: ThreadAddress): Promise<string | undefined>;
  /** What keeps the platform from working fully now, each a sentence with the fix; known after `start`. */
  readonly concerns?: () => readonly string[];
  /** Streams a file that came with a message. */
  download(file: IncomingFile): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * What of a card takes a message of its own, on a platform to which bytes are carried: its files, and texts for which its message has no
 * room. `create` and `edit` never wait for them.
 */
export interface Sharing {
  /** Names of these parts, which stay the same while the card shows the same ones. */
  parts(card: Card): readonly string[];
  /**
   * Puts one of them into the thread, once for each `key` (a UUID, as of `create`); it may take as long as the line needs. What the
   * platform does not take for good, or not for long, is said in the thread, with a link to it: then the call resolves too.
   * @throws as `create`
   */
  share(thread: ThreadAddress, card: Card, part: string, key: string): Promise<void>;
}

/** A platform says no for good: repeating would not help. The message says why, in words for an operator. */
export class PostRefused extends Error {
  readonly code = 'post_refused';
}

/** The platform's limits leave no room for this post now: the same, or what it should show by then, is asked again. */
export class PostLater extends Error {
  readonly code = 'post_later';
  /** In milliseconds. */
  readonly afterMs: number;

  constructor(afterMs: number) {
    super('The platform has no room for this post now.');
    this.afterMs = afterMs;
  }
}

/** Another process has the platform's connection: this one is started as soon as that one is gone. The message says so. */
export class PlatformTaken extends Error {
  readonly code = 'platform_taken';
}
