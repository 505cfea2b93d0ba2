import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Changes } from './changes.ts';
import type { SlackFile, Upload } from './file.ts';
import type { Ephemeral, Message } from './message.ts';
import type { OpenView } from './view.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** `guest`: of this workspace; `stranger`: of another one, who administers it and is met in a shared channel. */
  readonly kind: 'member' | 'admin' | 'bot' | 'guest' | 'stranger';
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: Set<string>;
  archived: boolean;
  /** The workspace that shared it with this one (Slack Connect). */
  readonly origin?: string;
}

/** The workspace of strangers. */
export const otherTeam = 'T0OTHER';

/** The workspace that a person is at home in. */
export function homeOf(workspace: Workspace, user: string): string {
  return workspace.people.get(user)?.kind === 'stranger' ? otherTeam : workspace.id;
}

/** How a thread stands beside its messages, for apps that are agents. */
export interface AgentSession {
  readonly channel: string;
  readonly threadTs: string;
  readonly statuses: readonly string[];
  status: string;
  title: string;
}

/** One Slack workspace: everything people and the app have put there. */
export interface Workspace {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
  readonly bot: { readonly userId: string; readonly botId: string };
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
  /** All channels' messages in the order of their posting, deleted ones too. */
  readonly messages: Message[];
  /** The same, by channel and time stamp, and by thread: a benchmark has many. */
  readonly byTs: Map<string, Message>;
  readonly replies: Map<string, Message[]>;
  readonly ephemerals: Ephemeral[];
  readonly files: Map<string, SlackFile>;
  readonly uploads: Map<string, Upload>;
  /** Every view that was opened, closed ones too. */
  readonly views: OpenView[];
  /** The home tab of each person. */
  readonly homes: Map<string, OpenView>;
  readonly sessions: Map<string, AgentSession>;
  readonly changes: Changes;
  /** A new message time stamp, unique here and growing. */
  nextTs(): string;
  /** A new id that begins with `prefix`. */
  newId(prefix: string): string;
}

/** The people and channels that every workspace begins with; the bot is in all channels but `secret` and `elsewhere`. */
export function createWorkspace(clock: Clock, changes: Changes, number: number): Workspace {
  const suffix = number === 1 ? '' : String(number);
  const bot = { userId: `U0BOT${suffix}`, botId: `B0BOT${suffix}` };
  let last = 0;
  const people: readonly Person[] = [
    { id: `U0ANNA${suffix}`, name: 'anna', realName: 'Anna Admin', kind: 'admin' },
    { id: `U0BEN${suffix}`, name: 'ben', realName: 'Ben Member', kind: 'member' },
    { id: bot.userId, name: 'commander', realName: 'Commander', kind: 'bot' },
    // No bot, says Slack (users.info).
    { id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot', kind: 'member' },
  ];
  const everybody = people.map(({ id }) => id);
  const persons = everybody.filter((id) => id !== bot.userId);
  const channels: readonly Channel[] = [
    { id: `C0GENERAL${suffix}`, name: 'general', kind: 'public', members: new Set(everybody), archived: false },
    { id: `C0RANDOM${suffix}`, name: 'random', kind: 'public', members: new Set(everybody), archived: false },
    { id: `C0ELSEWHERE${suffix}`, name: 'elsewhere', kind: 'public', members: new Set(persons), archived: false },
    { id: `G0TEAM${suffix}`, name: 'team', kind: 'private', members: new Set(everybody), archived: false },
    { id: `G0SECRET${suffix}`, name: 'secret', kind: 'private', members: new Set(persons), archived: false },
  ];
  return {
    id: `T0TEAM${suffix}`,
    domain: `team${suffix}`,
    name: `Team ${number}`,
    bot,
    people: new Map(people.map((person) => [person.id, person])),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    messages: [],
    byTs: new Map(),
    replies: new Map(),
    ephemerals: [],
    files: new Map(),
    uploads: new Map(),
    views: [],
    homes: new Map(),
    sessions: new Map(),
    changes,
    nextTs: () => {
      last = Math.max(last + 1, clock.now() * 1000);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
    newId: (prefix) => `${prefix}0${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`,
  };
}

/** The direct talk between a person and the bot, opened when there is none. */
export function directChannel(workspace: Workspace, user: string): Channel {
  const id = `D${user.slice(1)}`;
  const known = workspace.channels.get(id);
  if (known !== undefined) return known;
  const members = new Set([user, workspace.bot.userId]);
  const channel: Channel = { id, name: '', kind: 'im', members, archived: false };
  workspace.channels.set(id, channel);
  return channel;
}

/** Puts a message into its channel and thread. */
export function addMessage(workspace: Workspace, message: Message): void {
  workspace.messages.push(message);
  workspace.byTs.set(`${message.channel} ${message.ts}`, message);
  if (message.threadTs === undefined || message.threadTs === message.ts) return;
  const thread = `${message.channel} ${message.threadTs}`;
  const replies = workspace.replies.get(thread) ?? [];
  replies.push(message);
  workspace.replies.set(thread, replies);
}

/** The message with this time stamp, deleted or not. */
export function messageAt(workspace: Workspace, channel: string, ts: string | undefined): Message | undefined {
  return workspace.byTs.get(`${channel} ${ts}`);
}

/** Replies of a thread, oldest first, without its first message. */
export function repliesTo(workspace: Workspace, channel: string, ts: string): readonly Message[] {
  return (workspace.replies.get(`${channel} ${ts}`) ?? []).filter((message) => !message.deleted);
}
