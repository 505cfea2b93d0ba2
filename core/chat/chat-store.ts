import type { StoredFile } from '#core/run/stored-file.ts';
import type { Card } from './card.ts';

/** The durable memory of a chat platform that lives inside Commander (the web chat): its channels, people and messages. */
export interface ChatStore {
  channels(): Promise<readonly ChatChannel[]>;
  /** Creates a channel, or returns the one of that name. `name` is lower case letters, digits and `-`, 1 to 40. */
  addChannel(name: string): Promise<ChatChannel>;
  /** The person of that name, created at first sight. Names are unique without regard to case. */
  person(name: string): Promise<ChatPerson>;
  people(): Promise<readonly ChatPerson[]>;
  /** Appends a message; a `key` known already returns the first message and changes nothing. */
  append(message: NewChatMessage): Promise<{ readonly message: ChatMessage; readonly new: boolean }>;
  /** Replaces a card unless the stored revision is newer. */
  editCard(messageId: string, card: Card, revision: number): Promise<void>;
  message(messageId: string): Promise<ChatMessage | undefined>;
  /** Top-level messages of a channel, oldest first, the newest `limit` before message `before`. */
  history(
    channelId: string,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<readonly ChatMessage[]>;
  /** A thread: the message that opened it, then its replies, oldest first. */
  thread(rootId: string): Promise<readonly ChatMessage[]>;
  /** Messages new or changed after `cursor` (a `ChatMessage.cursor`), oldest first, at most `limit`. */
  changesSince(cursor: string, limit: number): Promise<readonly ChatMessage[]>;
  /** The newest cursor. */
  head(): Promise<string>;
  addFile(file: NewChatFile): Promise<ChatFile>;
  /** The stored file and the path of its bytes on this machine's data directory. */
  file(fileId: string): Promise<ChatFile | undefined>;
  /** Calls `wake` after every change by any process until the returned function is called. */
  onChange(wake: () => void): () => void;
}

export interface ChatChannel {
  readonly id: string;
  readonly name: string;
  /** The newest top-level message or reply, if any (ISO 8601). */
  readonly lastActivityAt?: string;
}

export interface ChatPerson {
  readonly id: string;
  readonly name: string;
}

export interface ChatFile extends StoredFile {
  readonly id: string;
}

export type NewChatFile = Omit<ChatFile, 'id'> & { readonly personId: string };

export interface NewChatMessage {
  readonly channelId: string;
  /** The message that opened the thread; absent for a top-level message. */
  readonly rootId?: string;
  readonly author: { readonly personId: string } | 'commander';
  readonly text?: string;
  readonly card?: Card;
  readonly fileIds?: readonly string[];
  /** The sender's own id for this message, unique in the whole chat: makes sending repeatable. */
  readonly key: string;
}

export interface ChatMessage {
  readonly id: string;
  readonly channelId: string;
  readonly rootId?: string;
  readonly author: { readonly id: string; readonly name: string } | 'commander';
  readonly text?: string;
  readonly card?: Card;
  readonly files: readonly ChatFile[];
  readonly at: string;
  readonly revision: number;
  /** Grows with every change of any message: what a follower remembers. Opaque text. */
  readonly cursor: string;
  /** Of a message that opened a thread. */
  readonly replies: number;
  readonly lastReplyAt?: string;
  /** Title and tone of the newest status card in the thread, for the channel's overview; `until` is a moment that the title ends with. */
  readonly threadStatus?: { readonly title: string; readonly tone: string; readonly until?: string };
}
