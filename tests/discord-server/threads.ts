import type { Discord } from './discord.ts';
import { permission } from './permissions.ts';
import { refusals } from './refusal.ts';
import { type Channel, isThread, type ThreadState } from './state/channel.ts';
import { permissionsIn } from './state/world.ts';
import { channelJson, threadMemberJson } from './wire.ts';

export type Thread = Channel & { thread: ThreadState; parentId: string };

interface NewThread {
  readonly id: string;
  readonly parent: Channel;
  readonly name: string;
  readonly kind: 'thread' | 'announcement_thread' | 'private_thread';
  readonly ownerId: string;
  /** Minutes. */
  readonly autoArchive?: number;
  readonly invitable?: boolean;
  readonly appliedTags?: readonly string[];
}

/** Opens a thread; whoever opened it is its first member. @throws Refusal 160006 when too many are open. */
export function openThread(discord: Discord, given: NewThread): Thread {
  const isOpen = (channel: Channel): boolean => isThread(channel) && !channel.thread.archived;
  if ([...discord.world.channels.values()].filter(isOpen).length >= discord.settings.activeThreads)
    throw refusals.tooManyThreads();
  const now = discord.clock.now();
  const thread: Thread = {
    id: given.id,
    kind: given.kind,
    name: given.name,
    guildId: discord.world.guild.id,
    parentId: given.parent.id,
    overwrites: new Map(),
    members: new Set([given.ownerId]),
    appliedTags: given.appliedTags ?? [],
    thread: {
      ownerId: given.ownerId,
      createdAt: now,
      archived: false,
      locked: false,
      archiveChangedAt: now,
      autoArchive: given.autoArchive ?? 4320,
      invitable: given.invitable ?? true,
      messageCount: 0,
      totalSent: 0,
    },
  };
  discord.world.channels.set(thread.id, thread);
  scheduleArchiving(discord, thread);
  announceThread(discord, 'THREAD_CREATE', thread, { newly_created: true });
  return thread;
}

/** A message opens an archived thread again. @throws Refusal 160005 when it is locked and the bot may not manage threads. */
export function reopen(discord: Discord, channel: Channel, userId: string): void {
  if (!isThread(channel)) return;
  const manages = (permissionsIn(discord.world, channel, userId) & permission.manageThreads) !== 0n;
  if (channel.thread.locked && !manages) throw refusals.locked();
  if (channel.thread.archived) setArchived(discord, channel, false);
}

/** Archives or opens a thread and tells the bot. */
export function setArchived(discord: Discord, thread: Thread, archived: boolean): void {
  thread.thread.archived = archived;
  thread.thread.archiveChangedAt = discord.clock.now();
  if (archived) thread.thread.cancelArchiving?.();
  else scheduleArchiving(discord, thread);
  announceThread(discord, 'THREAD_UPDATE', thread);
}

/** A thread without activity is archived after its time. */
export function scheduleArchiving(discord: Discord, thread: Thread): void {
  thread.thread.cancelArchiving?.();
  const archive = (): void => setArchived(discord, thread, true);
  thread.thread.cancelArchiving = discord.clock.after(thread.thread.autoArchive * 60_000, archive);
}

export function announceThread(
  discord: Discord,
  event: 'THREAD_CREATE' | 'THREAD_UPDATE',
  thread: Thread,
  more: Readonly<Record<string, unknown>> = {},
): void {
  discord.gateway.dispatch(event, { ...channelJson(discord.world, thread), ...more }, { channel: thread });
  discord.changes.notify();
}

/** Somebody joins a thread. */
export function joinThread(discord: Discord, thread: Thread, userId: string): void {
  if (thread.members.has(userId)) return;
  thread.members.add(userId);
  discord.gateway.dispatch(
    'THREAD_MEMBERS_UPDATE',
    {
      id: thread.id,
      guild_id: discord.world.guild.id,
      member_count: thread.members.size,
      added_members: [threadMemberJson(thread, userId)],
      removed_member_ids: [],
    },
    { channel: thread },
  );
  discord.changes.notify();
}
