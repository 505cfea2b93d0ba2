import type { Discord } from '../discord.ts';
import { type PermissionName, permission } from '../permissions.ts';
import { purge, remove } from '../posting.ts';
import { react, unreact } from '../reacting.ts';
import type { Channel, ChannelKind } from '../state/channel.ts';
import { isThread } from '../state/channel.ts';
import type { Interaction, Modal } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import { setArchived } from '../threads.ts';
import { channelJson } from '../wire.ts';
import type { Answered, By } from './act.ts';
import { type Autocompleted, autocomplete, contextMenu, type Given, slash } from './commands.ts';
import { click, select } from './components.ts';
import { type FormValue, submitModal } from './modals.ts';
import { customIdsOf, textOf } from './reading.ts';
import { editText, rename, type SayMore, say, startThread } from './speech.ts';

/** The people of the guild, and what they can see. */
export interface Driver {
  /** Ids of the owner and of a member; of the bot. */
  readonly anna: string;
  readonly ben: string;
  readonly bot: string;
  /** How people name the bot: `<@…>`. */
  readonly mentionText: string;
  /** The id of a channel by its name: general (text), ideas (forum). */
  channel(name: string): string;
  /** The direct channel of a person with the bot. */
  direct(user: string): string;
  addPerson(name: string, options?: { readonly bot?: boolean; readonly member?: boolean }): string;
  addChannel(name: string, kind?: ChannelKind): string;
  /** Takes permissions of the bot away in a channel, by an overwrite; `[]` gives all back. */
  deny(channel: string, names: readonly PermissionName[]): void;
  /** Makes a channel private: only the bot and these people see it, besides the owner. */
  hide(channel: string, people: readonly string[]): void;
  /** Gives a person a permission in the whole guild. */
  allow(user: string, names: readonly PermissionName[]): void;
  /** Takes all roles away that somebody was given. */
  dismiss(user: string): void;
  /** From now on the person takes no direct messages. */
  blockDirect(user: string): void;

  /** Says something in a channel, thread or direct channel. */
  say(channel: string, user: string, text: string, more?: SayMore): Message;
  /** The same, naming the bot first. */
  mention(channel: string, user: string, text: string, more?: SayMore): Message;
  edit(message: Message, text: string): void;
  remove(message: Message): void;
  /** A moderator deletes several at once. */
  purge(messages: readonly Message[]): void;
  react(message: Message, user: string, emoji: string): void;
  unreact(message: Message, user: string, emoji: string): void;
  /** A person opens a thread; from a message when one is given. */
  startThread(channel: string, user: string, name: string, from?: Message): Channel;
  /** A person gives a thread another name. */
  rename(thread: string, user: string, name: string): void;
  archive(thread: string): void;
  lock(thread: string): void;
  unlock(thread: string): void;
  /** Deletes a channel or thread with all it holds. */
  removeChannel(channel: string): void;

  /** These resolve when the bot has answered, or its 3 seconds are over. Users: anna unless named. */
  slash(name: string, options?: Readonly<Record<string, Given>>, more?: By): Promise<Answered>;
  /** What is offered for the option that is being typed. */
  autocomplete(
    name: string,
    typed: Readonly<Record<string, string>>,
    more?: By & { readonly options?: Readonly<Record<string, Given>> },
  ): Promise<Autocompleted>;
  contextMenu(message: Message, name: string, more?: By): Promise<Answered>;
  click(message: Message, customId: string, more?: By): Promise<Answered>;
  select(message: Message, customId: string, values: readonly string[], more?: By): Promise<Answered>;
  submitModal(modal: Modal, values?: Readonly<Record<string, FormValue>>): Promise<Answered>;

  /** The first answer of `look`, now or after any later change. @throws Error that says what did not come. */
  waitFor<Found>(what: string, look: () => Found | undefined | false, within?: number): Promise<Found>;

  /** Messages of a channel, thread or direct channel that everybody there sees, oldest first, without Discord's own. */
  messages(channel: string): readonly Message[];
  message(id: string): Message | undefined;
  /** Threads that there are, of one channel or of all, oldest first. */
  threads(channel?: string): readonly Channel[];
  /** Messages that only one person sees. */
  ephemerals(user?: string): readonly Message[];
  /** Everything that the bot had or has to answer, oldest first. */
  interactions(): readonly Interaction[];
  /** All texts of a message: content, and texts of its components. */
  text(message: Message): string;
  /** The ids that its buttons and selects carry. */
  customIds(message: Message): readonly string[];
}

export function createDriver(discord: Discord): Driver {
  const { world, changes } = discord;
  const user = (name: string): string => [...world.users.values()].find((one) => one.name === name)?.id ?? '';
  const anna = user('anna');
  const mentionText = `<@${world.bot.id}>`;
  const by = (more: By = {}): Required<By> => ({ user: anna, channel: named(discord, 'general').id, ...more });
  return {
    anna,
    ben: user('ben'),
    bot: world.bot.id,
    mentionText,
    channel: (name) => named(discord, name).id,
    direct: (person) => world.directChannel(person).id,
    ...administration(discord),
    say: (channel, person, text, more) => say(discord, channel, person, text, more),
    mention: (channel, person, text, more) => say(discord, channel, person, `${mentionText} ${text}`, more),
    edit: (message, text) => editText(discord, message, text),
    remove: (message) => remove(discord, message),
    purge: (messages) => purge(discord, messages),
    react: (message, person, emoji) => react(discord, message, person, emoji),
    unreact: (message, person, emoji) => unreact(discord, message, person, emoji),
    startThread: (channel, person, name, from) => startThread(discord, channel, person, name, from),
    slash: (name, options = {}, more) => slash(discord, name, options, by(more)),
    autocomplete: (name, typed, more = {}) => autocomplete(discord, name, typed, more.options ?? {}, by(more)),
    contextMenu: (message, name, more) =>
      contextMenu(discord, message, name, by({ ...more, channel: message.channelId })),
    click: (message, customId, more) => click(discord, message, customId, by(more)),
    select: (message, customId, values, more) => select(discord, message, customId, values, by(more)),
    submitModal: (modal, values = {}) => submitModal(discord, modal, values),
    waitFor: changes.waitFor,
    ...reads(discord),
  };
}

function named({ world }: Discord, name: string): Channel {
  const channel = [...world.channels.values()].find((one) => one.name === name);
  if (channel === undefined) throw new Error(`The stand-in has no channel ${name}`);
  return channel;
}

function thread({ world }: Discord, id: string) {
  const channel = world.channels.get(id);
  if (channel === undefined || !isThread(channel)) throw new Error(`The stand-in has no thread ${id}`);
  return channel;
}

function administration(discord: Discord) {
  const { world, gateway } = discord;
  const bits = (names: readonly PermissionName[]): bigint => names.reduce((sum, name) => sum | permission[name], 0n);
  return {
    addPerson: (name, options) => world.addUser(name, options).id,
    addChannel(name, kind) {
      const channel = world.addChannel(name, kind);
      gateway.dispatch('CHANNEL_CREATE', channelJson(world, channel), { channel });
      return channel.id;
    },
    deny(id, names) {
      const channel = world.channels.get(id);
      if (channel === undefined) throw new Error(`The stand-in has no channel ${id}`);
      channel.overwrites.set(world.bot.id, { type: 1, allow: 0n, deny: bits(names) });
      gateway.dispatch('CHANNEL_UPDATE', channelJson(world, channel), { channel });
    },
    hide(id, people) {
      const channel = world.channels.get(id);
      if (channel === undefined) throw new Error(`The stand-in has no channel ${id}`);
      channel.overwrites.set(world.guild.id, { type: 0, allow: 0n, deny: permission.viewChannel });
      for (const each of [world.bot.id, ...people])
        channel.overwrites.set(each, { type: 1, allow: permission.viewChannel, deny: 0n });
      gateway.dispatch('CHANNEL_UPDATE', channelJson(world, channel), { channel });
    },
    allow(person, names) {
      const role = { id: world.newId(), name: names.join(' '), permissions: bits(names) };
      world.guild.roles.set(role.id, role);
      world.guild.members.get(person)?.roles.add(role.id);
    },
    dismiss: (person) => void world.guild.members.get(person)?.roles.clear(),
    blockDirect: (person) => void world.refuseDirect.add(person),
    rename: (id, person, name) => rename(discord, thread(discord, id), person, name),
    archive: (id) => setArchived(discord, thread(discord, id), true),
    lock(id) {
      const locked = thread(discord, id);
      locked.thread.locked = true;
      setArchived(discord, locked, true);
    },
    unlock(id) {
      const opened = thread(discord, id);
      opened.thread.locked = false;
      setArchived(discord, opened, false);
    },
    removeChannel(id) {
      const channel = world.channels.get(id);
      if (channel === undefined) throw new Error(`The stand-in has no channel ${id}`);
      const event = isThread(channel) ? 'THREAD_DELETE' : 'CHANNEL_DELETE';
      gateway.dispatch(event, channelJson(world, channel), { channel });
      const gone = [...world.channels.values()].filter((one) => one.id === id || one.parentId === id);
      for (const one of gone) world.channels.delete(one.id);
      for (const message of world.messages.values()) {
        if (gone.some((one) => one.id === message.channelId)) world.messages.delete(message.id);
      }
      discord.changes.notify();
    },
  } satisfies Partial<Driver>;
}

function reads({ world, interactions }: Discord) {
  const all = (): Message[] => [...world.messages.values()];
  const own = new Set([18, 21]);
  return {
    messages: (channel) =>
      all().filter((one) => one.channelId === channel && one.onlyFor === undefined && !own.has(one.type)),
    message: (id) => world.messages.get(id),
    threads: (channel) =>
      [...world.channels.values()].filter(
        (one) => isThread(one) && (channel === undefined || one.parentId === channel),
      ),
    ephemerals: (person) =>
      all().filter((one) => one.onlyFor !== undefined && (person === undefined || one.onlyFor === person)),
    interactions: () => [...interactions.values()],
    text: (message) => textOf(message),
    customIds: (message) => customIdsOf(message),
  } satisfies Partial<Driver>;
}
