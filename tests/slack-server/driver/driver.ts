import { createHash, randomUUID } from 'node:crypto';
import type { AgentSessionStoppedEvent } from '@slack/types';
import { pingsOf } from '../blocks/texts.ts';
import type { Attempt } from '../delivery/attempt.ts';
import { announceReaction, joinChannel } from '../events.ts';
import { storeFile } from '../files.ts';
import { edit, post, remove } from '../posting.ts';
import type { Slack } from '../slack.ts';
import type { SlackFile } from '../state/file.ts';
import type { Ephemeral, Message } from '../state/message.ts';
import type { OpenView } from '../state/view.ts';
import {
  type AgentSession,
  type Channel,
  directChannel,
  type Person,
  repliesTo,
  type Workspace,
} from '../state/workspace.ts';
import { viewJson } from '../wire.ts';
import type { Choice } from './elements.ts';
import { act, command, type Surface, shortcut } from './interactions.ts';
import { dismiss, submit } from './modals.ts';
import { composed, encode } from './speech.ts';
import { type Suggestion, suggest } from './suggestions.ts';

/** Who does something; the workspace's admin unless named. */
interface By {
  readonly user?: string;
}

interface SayMore {
  /** The `ts` of the message that the thread begins with. */
  readonly thread?: string;
  readonly files?: readonly SlackFile[];
  readonly forwards?: Message;
  /** Also shown in the channel ("Also send to #channel"), or typed after `/me`. */
  readonly subtype?: 'thread_broadcast' | 'me_message';
  /** The id that the client gave; unique unless named. */
  readonly clientMessageId?: string;
}

/** The people of a workspace, and what they can see. */
export interface Driver {
  readonly workspace: Workspace;
  /** Ids of the people that every workspace has. */
  readonly anna: string;
  readonly ben: string;
  /** Slack's own, which says what people had it remember. */
  readonly slackbot: string;
  /** How people name the bot: `<@U…>`. */
  readonly mention: string;
  /** The id of a channel by its name: general, random, team (private), and without the bot: elsewhere, secret (private). */
  channel(name: string): string;
  /** The direct talk of a person with the bot. */
  direct(user: string): string;
  addPerson(name: string, kind?: Person['kind']): string;
  /** From now on the person is of another kind. */
  setKind(user: string, kind: Person['kind']): void;
  /** @param origin the workspace that shares it with this one */
  addChannel(name: string, kind?: Channel['kind'], origin?: string): string;

  /** Brings the bot into a channel. */
  invite(channel: string): void;

  /** Says something. `text` as typed: `&`, `<` and `>` are encoded as Slack does. */
  say(channel: string, user: string, text: string, more?: SayMore): Message;
  edit(message: Message, text: string): void;
  remove(message: Message): void;
  react(message: Message, user: string, emoji: string): void;
  unreact(message: Message, user: string, emoji: string): void;
  /** Puts a file into Slack, to be said along with a text or given to a form. */
  upload(
    name: string,
    content: string | Buffer,
    more?: By & { readonly mimetype?: string; readonly access?: SlackFile['access'] },
  ): SlackFile;

  /** These resolve when the app has acknowledged, or its 3 seconds are over. */
  command(name: string, text: string, more?: By & { readonly channel?: string }): Promise<Attempt>;
  click(
    on: Surface,
    actionId: string,
    more?: By & { readonly values?: Readonly<Record<string, Choice>> },
  ): Promise<Attempt>;
  select(on: Surface, actionId: string, choice: Choice, more?: By): Promise<Attempt>;
  /** Sends a form; values by action id (files by their ids). */
  submit(view: OpenView, values?: Readonly<Record<string, Choice>>): Promise<Attempt>;
  dismiss(view: OpenView): Promise<Attempt | undefined>;
  shortcut(message: Message, more?: By & { readonly callbackId?: string }): Promise<Attempt>;
  /** What a menu offers for what was typed, when the app serves its options (`external_select`). */
  suggest(on: Surface, actionId: string, typed: string, more?: By): Promise<readonly Suggestion[]>;
  openHome(user: string, tab?: 'home' | 'messages'): void;
  /** Removes the app from the workspace: its tokens end, then it is told. */
  uninstall(): void;
  /** Presses the stop button that Slack shows beside a working agent. */
  stopSession(session: AgentSession, user: string): void;

  /** The first answer of `look`, now or after any later change. @throws Error that says what did not come. */
  waitFor<Found>(what: string, look: () => Found | undefined | false, within?: number): Promise<Found>;
  /** Resolves when every event was acknowledged or given up. */
  settled(): Promise<void>;

  /** Messages of a channel outside threads, oldest first, deleted ones left out. */
  messages(channel: string): readonly Message[];
  /** Replies of a thread, oldest first. */
  thread(root: Pick<Message, 'channel' | 'ts'>): readonly Message[];
  /** Views that are open, the top one last. */
  views(user?: string): readonly OpenView[];
  home(user: string): OpenView | undefined;
  ephemerals(user?: string): readonly Ephemeral[];
  files(): readonly SlackFile[];
  session(root: Pick<Message, 'channel' | 'ts'>): AgentSession | undefined;
  /** Whom a message calls. */
  pings(message: Pick<Message, 'text' | 'blocks'>): readonly string[];
}

export function createDriver(slack: Slack, workspace: Workspace): Driver {
  const person = (name: string): string => [...workspace.people.values()].find((one) => one.name === name)?.id ?? '';
  const anna = person('anna');
  return {
    workspace,
    anna,
    ben: person('ben'),
    slackbot: person('slackbot'),
    mention: `<@${workspace.bot.userId}>`,
    ...places(workspace),
    invite: (channel) => joinChannel(slack, workspace, channel),
    ...speech(slack, workspace),
    command: (name, text, { user = anna, channel = channelNamed(workspace, 'general') } = {}) =>
      command(slack, workspace, name, text, { user, channel }),
    click: (on, actionId, { user = anna, values = {} } = {}) => act(slack, workspace, on, actionId, { user, values }),
    select: (on, actionId, choice, { user = anna } = {}) => act(slack, workspace, on, actionId, { user, choice }),
    submit: (view, values = {}) => submit(slack, workspace, view, values, view.user),
    dismiss: (view) => dismiss(slack, workspace, view, view.user),
    shortcut: (message, { user = anna, callbackId = slack.settings.shortcuts[0] ?? '' } = {}) =>
      shortcut(slack, workspace, message, callbackId, user),
    suggest: (on, actionId, typed, { user = anna } = {}) => suggest(slack, workspace, on, actionId, typed, user),
    uninstall() {
      slack.tokens.revoke(workspace.id);
      const tokens = { oauth: [], bot: [workspace.bot.userId] };
      const event_ts = workspace.nextTs();
      slack.delivery.event(workspace, { type: 'tokens_revoked', tokens, event_ts }, 'tokens_revoked');
      slack.delivery.event(workspace, { type: 'app_uninstalled', event_ts }, 'app_uninstalled');
    },
    openHome: (user, tab = 'home') => openHome(slack, workspace, user, tab),
    stopSession: (session, user) => stopSession(slack, workspace, session, user),
    waitFor: workspace.changes.waitFor,
    settled: async () => {
      await workspace.changes.waitFor('every event acknowledged', () =>
        slack.delivery.events.every(({ state }) => state !== 'pending'),
      );
    },
    ...sight(workspace),
  };
}

type Places = Pick<Driver, 'channel' | 'direct' | 'addPerson' | 'setKind' | 'addChannel'>;
type Speech = Pick<Driver, 'say' | 'edit' | 'remove' | 'react' | 'unreact' | 'upload'>;
type Sight = Pick<Driver, 'messages' | 'thread' | 'views' | 'home' | 'ephemerals' | 'files' | 'session' | 'pings'>;

function places(workspace: Workspace): Places {
  return {
    channel: (name) => channelNamed(workspace, name),
    direct: (user) => directChannel(workspace, user).id,
    addPerson(name, kind = 'member') {
      const id = workspace.newId('U');
      workspace.people.set(id, { id, name, realName: name, kind });
      for (const channel of workspace.channels.values()) if (channel.kind === 'public') channel.members.add(id);
      return id;
    },
    setKind(user, kind) {
      const person = workspace.people.get(user);
      if (person === undefined) throw new Error(`The stand-in has no person ${user}`);
      workspace.people.set(user, { ...person, kind });
    },
    addChannel(name, kind = 'public', origin) {
      const id = workspace.newId(kind === 'public' ? 'C' : 'G');
      const members = new Set(workspace.people.keys());
      workspace.channels.set(id, { id, name, kind, members, archived: false, ...(origin !== undefined && { origin }) });
      return id;
    },
  };
}

function speech(slack: Slack, workspace: Workspace): Speech {
  return {
    say(channel, user, text, { thread, files = [], forwards, subtype, clientMessageId = randomUUID() } = {}) {
      if (!workspace.channels.get(channel)?.members.has(user)) throw new Error(`${user} is not in ${channel}`);
      return post(slack, workspace, {
        channel,
        user,
        from: 'person',
        text: encode(text),
        blocks: composed(workspace, text),
        clientMessageId,
        ...(thread !== undefined && { threadTs: thread }),
        ...(subtype !== undefined && { subtype }),
        ...(forwards !== undefined && { forwards }),
        ...(files.length > 0 && { files, subtype: 'file_share' }),
      });
    },
    edit: (message, text) =>
      edit(slack, workspace, message, { text: encode(text), blocks: composed(workspace, text) }, message.user),
    remove: (message) => remove(slack, workspace, message),
    react(message, user, emoji) {
      message.reactions.set(emoji, (message.reactions.get(emoji) ?? new Set()).add(user));
      announceReaction(slack, workspace, message, { type: 'reaction_added', user, reaction: emoji });
    },
    unreact(message, user, emoji) {
      if (message.reactions.get(emoji)?.delete(user) !== true) throw new Error(`${user} has not put ${emoji}`);
      announceReaction(slack, workspace, message, { type: 'reaction_removed', user, reaction: emoji });
    },
    upload(
      name,
      content,
      { user = workspace.people.keys().next().value ?? '', mimetype = 'text/plain', access = 'visible' } = {},
    ) {
      const bytes = Buffer.from(content);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const id = workspace.newId('F');
      return storeFile(workspace, slack.origin(), {
        id,
        name,
        title: name,
        user,
        mimetype,
        size: bytes.length,
        sha256,
        bytes,
        access,
      });
    },
  };
}

function sight(workspace: Workspace): Sight {
  return {
    messages: (channel) =>
      workspace.messages.filter(
        (message) => message.channel === channel && !message.deleted && (message.threadTs ?? message.ts) === message.ts,
      ),
    thread: ({ channel, ts }) => repliesTo(workspace, channel, ts),
    views: (user) =>
      workspace.views.filter(
        (view) => !view.closed && view.shown.type === 'modal' && (user === undefined || view.user === user),
      ),
    home: (user) => workspace.homes.get(user),
    ephemerals: (user) =>
      workspace.ephemerals.filter((message) => !message.deleted && (user === undefined || message.user === user)),
    files: () => [...workspace.files.values()],
    session: ({ channel, ts }) => workspace.sessions.get(`${channel} ${ts}`),
    pings: ({ text, blocks }) => pingsOf(text, blocks),
  };
}

function channelNamed(workspace: Workspace, name: string): string {
  const found = [...workspace.channels.values()].find((channel) => channel.name === name);
  if (found === undefined) throw new Error(`There is no channel ${name}`);
  return found.id;
}

function openHome(slack: Slack, workspace: Workspace, user: string, tab: 'home' | 'messages'): void {
  const home = workspace.homes.get(user);
  const event = {
    type: 'app_home_opened',
    user,
    channel: directChannel(workspace, user).id,
    tab,
    ...(home !== undefined && { view: viewJson(workspace, home, slack.settings.appId) }),
    event_ts: workspace.nextTs(),
  };
  slack.delivery.event(workspace, event, 'app_home_opened');
}

function stopSession(slack: Slack, workspace: Workspace, session: AgentSession, user: string): void {
  if (session.status !== 'processing')
    throw new Error(`Slack shows no stop button while a session is ${session.status}`);
  const event: AgentSessionStoppedEvent = {
    type: 'agent_session_stopped',
    channel: session.channel,
    user,
    thread_ts: session.threadTs,
    streaming_message_ts: [],
    event_ts: workspace.nextTs(),
  };
  slack.delivery.event(workspace, { ...event }, 'agent_session_stopped');
}
