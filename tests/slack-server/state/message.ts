import type { SlackFile } from './file.ts';

/** A block with the ids that Slack gives where the app gave none. */
export interface Block {
  readonly type: string;
  readonly block_id: string;
  readonly [field: string]: unknown;
}

/** Data that an app attached to its message. */
export interface Metadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

/** What a message showed at one time. */
export interface Shown {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata?: Metadata;
}

/** A message as it lies in a channel. Live: a test that keeps it sees later edits. */
export interface Message {
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the message that its thread began with. */
  readonly threadTs?: string;
  readonly user: string;
  readonly from: 'person' | 'app';
  readonly clientMessageId?: string;
  readonly subtype?: 'file_share' | 'thread_broadcast' | 'me_message' | 'channel_join';
  readonly unfurl: { readonly links: boolean; readonly media: boolean };
  readonly files: readonly SlackFile[];
  /** The message that it forwards. */
  readonly forwards?: Message;
  /** Emoji name to the people who put it. */
  readonly reactions: Map<string, Set<string>>;
  /** Everything it has shown, oldest first. */
  readonly versions: readonly Shown[];
  text: string;
  blocks: readonly Block[];
  metadata?: Metadata;
  edited?: { readonly user: string; readonly ts: string };
  deleted: boolean;
}

/** A message that one person alone sees, until he reloads. */
export interface Ephemeral {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly threadTs?: string;
  text: string;
  blocks: readonly Block[];
  deleted: boolean;
}
