export type ChannelKind =
  | 'text'
  | 'announcement'
  | 'voice'
  | 'stage'
  | 'forum'
  | 'direct'
  | 'thread'
  | 'announcement_thread'
  | 'private_thread';

export interface Overwrite {
  /** Of a role (0) or a member (1). */
  readonly type: 0 | 1;
  readonly allow: bigint;
  readonly deny: bigint;
}

/** A channel of any kind; threads are channels too. */
export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  name: string;
  /** Absent for direct channels. */
  readonly guildId?: string;
  /** The channel that a thread belongs to. */
  readonly parentId?: string;
  /** By id of role or member. */
  readonly overwrites: Map<string, Overwrite>;
  /** Of a direct channel: the other person; of a thread: who joined. */
  readonly members: Set<string>;
  lastMessageId?: string;
  appliedTags: readonly string[];
  /** Of a forum: a post needs a tag. */
  needsTag?: true;
  thread?: ThreadState;
}

export interface ThreadState {
  readonly ownerId: string;
  readonly createdAt: number;
  archived: boolean;
  locked: boolean;
  /** When it was archived or unarchived last. */
  archiveChangedAt: number;
  /** Minutes. */
  autoArchive: number;
  invitable: boolean;
  messageCount: number;
  totalSent: number;
  /** Takes back the timer that archives it. */
  cancelArchiving?: () => void;
}

/** The number of a kind on the wire (docs, Channel: types). */
export function channelType(channel: Channel): number {
  const types = {
    text: 0,
    direct: 1,
    voice: 2,
    announcement: 5,
    announcement_thread: 10,
    thread: 11,
    private_thread: 12,
    stage: 13,
    forum: 15,
  };
  return types[channel.kind];
}

export function isThread(channel: Channel): channel is Channel & { thread: ThreadState; parentId: string } {
  return channel.thread !== undefined;
}
