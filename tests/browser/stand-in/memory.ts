import type { Card } from '#core/chat/card.ts';
import type { ChatChannel, ChatFile, ChatMessage, ChatPerson } from '#core/chat/chat-store.ts';

/** What a test or a route says; everything else follows. */
export interface Said {
  readonly channelId: string;
  readonly rootId?: string;
  readonly author: string | 'commander';
  readonly text?: string;
  readonly card?: Card;
  readonly files?: readonly ChatFile[];
  readonly key?: string;
  /** Default: now. */
  readonly at?: string;
}

/** A chat in memory that keeps the contract of core's `ChatStore` as the browser sees it: cursors, replies, thread status. */
export class ChatMemory {
  readonly channels: ChatChannel[] = [];
  readonly people: ChatPerson[] = [];
  readonly messages = new Map<string, ChatMessage>();
  readonly files = new Map<string, { file: ChatFile; bytes: Uint8Array }>();
  private readonly keys = new Map<string, string>();
  private readonly wakes = new Set<() => void>();
  private count = 0;

  addChannel(name: string): ChatChannel {
    const known = this.channels.find((channel) => channel.name === name);
    if (known !== undefined) return known;
    const channel = { id: `channel-${this.next()}`, name };
    this.channels.push(channel);
    return channel;
  }

  person(name: string): ChatPerson {
    const known = this.people.find((person) => person.name.toLowerCase() === name.toLowerCase());
    if (known !== undefined) return known;
    const person = { id: `person-${this.next()}`, name };
    this.people.push(person);
    return person;
  }

  say(said: Said): ChatMessage {
    const known = said.key === undefined ? undefined : this.messages.get(this.keys.get(said.key) ?? '');
    if (known !== undefined) return known;
    const at = said.at ?? new Date().toISOString();
    const message: ChatMessage = {
      id: `message-${this.next()}`,
      channelId: said.channelId,
      rootId: said.rootId,
      author: said.author === 'commander' ? 'commander' : this.person(said.author),
      text: said.text,
      card: said.card,
      files: said.files ?? [],
      at,
      revision: 0,
      cursor: '',
      replies: 0,
    };
    if (said.key !== undefined) this.keys.set(said.key, message.id);
    this.put(message);
    if (said.rootId !== undefined) this.countReply(said.rootId, message);
    const channel = this.channels.findIndex(({ id }) => id === said.channelId);
    this.channels[channel] = { ...(this.channels[channel] as ChatChannel), lastActivityAt: at };
    return message;
  }

  /** Replaces a card, as the presenter does. */
  editCard(messageId: string, card: Card): void {
    const message = this.get(messageId);
    const edited = { ...message, card, revision: message.revision + 1 };
    this.put(edited);
    if (message.rootId !== undefined) this.showStatus(message.rootId, card);
  }

  get(messageId: string): ChatMessage {
    const message = this.messages.get(messageId);
    if (message === undefined) throw new Error(`The stand-in knows no message ${messageId}.`);
    return message;
  }

  addFile(name: string, mediaType: string, bytes: Uint8Array): ChatFile {
    const file = { id: `file-${this.next()}`, name, mediaType, size: bytes.length, sha256: '' };
    this.files.set(file.id, { file, bytes });
    return file;
  }

  changesSince(cursor: number): readonly ChatMessage[] {
    return [...this.messages.values()]
      .filter((message) => Number(message.cursor) > cursor)
      .sort((one, two) => Number(one.cursor) - Number(two.cursor));
  }

  head(): number {
    return 100_000 + this.count;
  }

  onChange(wake: () => void): () => void {
    this.wakes.add(wake);
    return () => this.wakes.delete(wake);
  }

  private countReply(rootId: string, reply: ChatMessage): void {
    const root = this.get(rootId);
    this.put({ ...root, replies: root.replies + 1, lastReplyAt: reply.at });
    if (reply.card !== undefined) this.showStatus(rootId, reply.card);
  }

  private showStatus(rootId: string, card: Card): void {
    if (card.key !== 'status') return;
    const title = card.title.map((piece) => (typeof piece === 'object' && 'text' in piece ? piece.text : '')).join('');
    this.put({ ...this.get(rootId), threadStatus: { title, tone: card.tone } });
  }

  private put(message: ChatMessage): void {
    this.messages.set(message.id, { ...message, cursor: String(this.next()) });
    for (const wake of this.wakes) wake();
  }

  /** Ids and cursors that grow, also as text within one digit count. */
  private next(): number {
    this.count += 1;
    return 100_000 + this.count;
  }
}
