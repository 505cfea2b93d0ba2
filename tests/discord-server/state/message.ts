import type { User } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

/** Bits of a message's flags (docs, Message: flags). */
export const flag = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  componentsV2: 1 << 15,
} as const;

/** Types of messages (docs, Message: types). */
export const messageType = {
  ordinary: 0,
  channelRenamed: 4,
  threadCreated: 18,
  reply: 19,
  commandReply: 20,
  threadStarter: 21,
} as const;

export interface Attachment {
  readonly id: string;
  readonly channelId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Given in an interaction's option or form: Discord deletes those after a while. */
  readonly ephemeral: boolean;
  description?: string;
}

/** Whom a message calls. */
export interface Pings {
  readonly everyone: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly author: User;
  readonly type: number;
  readonly createdAt: number;
  editedAt?: number;
  content: string;
  flags: number;
  /** As answers carry them, attachments not yet resolved. */
  components: readonly Json[];
  embeds: readonly Json[];
  attachments: readonly Attachment[];
  readonly nonce?: string | number;
  pings: Pings;
  /** Ids of users by emoji. */
  readonly reactions: Map<string, Set<string>>;
  readonly replyTo?: string;
  /** The message that it forwards, as it was then. */
  readonly forwards?: Message;
  /** The interaction that it answers, as the message carries it. */
  readonly interaction?: Json;
  readonly webhookId?: string;
  /** Whom alone it is shown to. */
  readonly onlyFor?: string;
  /** Times of edits after its first hour. */
  readonly oldEdits: number[];
}
