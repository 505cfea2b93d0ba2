import {
  type APIMessage,
  type APIUser,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageReactionAddDispatchData,
  type GatewayMessageUpdateDispatchData,
  MessageType,
  Routes,
} from 'discord.js';
import type { ChatHost, EarlierMessage, Reaction } from '#core/chat/adapter.ts';
import { type Api, readMessages } from './api.ts';
import { wholeMessages } from './events.ts';
import { messageFile } from './files.ts';
import { answeredBy, createForwards, forwardedBy } from './forwards.ts';
import type { Home } from './home.ts';
import { messageOrder } from './in-order.ts';
import type { Managers } from './managers.ts';
import { madeAt } from './nonce.ts';
import { senderOf } from './people.ts';
import type { Places } from './places.ts';
import type { Readers } from './readers.ts';

export interface MessageParts {
  readonly api: Api;
  readonly host: ChatHost;
  readonly places: Places;
  readonly readers: Readers;
  readonly home: Home;
  readonly managers: Managers;
  readonly self: () => string;
  /** Since when the connection stands, in milliseconds since 1970. */
  readonly listeningSince: () => number;
  /** What is done about words that Discord keeps back; absent when it keeps none. */
  readonly unheard?: (message: APIMessage) => Promise<void>;
}

type Created = APIMessage & Pick<GatewayMessageCreateDispatchData, 'member'>;

/** Earlier messages that go along when the bot is first named in the middle of a thread. */
const earlierLimit = 20;

/** Signs that mean a decision and nothing else: a thumb is also put on what was only read. */
const meanings: Readonly<Record<string, Reaction['meaning']>> = { '✅': 'approve', '🛑': 'stop' };

/** What people write, as the application takes it. Each call resolves when it is stored. */
export function createMessages(parts: MessageParts) {
  const { api, host, places, readers, home, managers, self, listeningSince, unheard } = parts;
  const order = messageOrder();
  const forwards = createForwards();
  const mentions = () => new RegExp(`<@!?${self()}>`, 'g');

  /** Takes a message that concerns the bot; false: it does not, or was taken before. `late`: it was found by looking back. */
  async function take(message: Created, found?: { readonly late: true }): Promise<boolean> {
    if (message.author.bot === true || message.webhook_id !== undefined || !isSpeech(message)) return false;
    const named = message.mentions.some(({ id }) => id === self());
    const before = forwards.before(message);
    forwards.keep(message);
    const forwarded = forwardedBy(message);
    // Without the intent, words of others come empty: there is nothing to hear.
    if (!named && message.content === '' && message.attachments.length === 0 && forwarded.length === 0) {
      if (found === undefined) await unheard?.(message);
      return false;
    }
    const { guild } = await places.channel(message.channel_id);
    if (!(await home.hears(guild, message.author.id))) return false;
    const { address, kind } = await places.addressOf(
      message.channel_id,
      message.id,
      forwarded.length > 0 ? undefined : message.message_reference?.message_id,
    );
    const addressed = named || kind === 'direct';
    if (!addressed && !(kind === 'thread' && (await host.follows(address)))) return false;
    const middle = kind === 'thread' && named && !(await host.follows(address));
    const [readBy, manages] = await Promise.all([
      readers.of(message.channel_id),
      managers.includes(guild, message.author.id, message.member?.roles),
    ]);
    const said = middle ? await earlier(message) : [];
    const quoted = [...said, ...answeredBy(message, self()), ...before, ...forwarded];
    const taken = await host.accept({
      externalId: message.id,
      thread: address,
      sender: senderOf(message.author, message.member, manages),
      ...wordsOf(message),
      files: message.attachments.map((file) => messageFile(message.channel_id, message.id, file)),
      addressed,
      opensThread: kind === 'channel',
      ...(readBy === undefined ? {} : { readBy }),
      ...(quoted.length === 0 ? {} : { earlier: quoted }),
      timing: { saidAt: madeAt(message.id), listeningSince: listeningSince() },
      ...found,
    });
    return taken.new;
  }

  /** What was said in a thread before, oldest first, without what the message answers: that goes along by itself. */
  async function earlier({ channel_id, id, referenced_message }: APIMessage): Promise<readonly EarlierMessage[]> {
    const messages = wholeMessages(await readMessages(api, channel_id, { limit: earlierLimit }));
    return messages
      .filter(
        (each) => each.id !== id && each.id !== referenced_message?.id && each.author.bot !== true && isSpeech(each),
      )
      .reverse()
      .flatMap((each) => [
        ...(each.content === '' ? [] : [{ from: senderOf(each.author).name, text: each.content }]),
        ...forwardedBy(each),
      ]);
  }

  /** The words of a message without the name of the bot, and when they were changed last. */
  function wordsOf({ content, edited_timestamp: edited }: Pick<APIMessage, 'content' | 'edited_timestamp'>) {
    const text = content.replace(mentions(), ' ').replace(/ {2,}/g, ' ').trim();
    return edited === null ? { text } : { text, editedAt: Date.parse(edited) };
  }

  async function change(message: GatewayMessageUpdateDispatchData): Promise<void> {
    // Discord also reports embeds that it adds by itself: only an edit by its author has a time.
    if (message.author.bot === true || message.edited_timestamp === null) return;
    // Without the intent the words of a message that no longer names the bot come empty: it stays as it was heard.
    if (message.content === '' && message.attachments.length === 0) return;
    const sender = senderOf(message.author, message.member);
    await host.amend({ platform: 'discord', externalId: message.id, sender, ...wordsOf(message) });
  }

  async function react(reaction: GatewayMessageReactionAddDispatchData): Promise<void> {
    const meaning = meanings[reaction.emoji.name ?? ''];
    if (meaning === undefined || reaction.message_author_id !== self() || reaction.user_id === self()) return;
    // Only servers say who it was; in a direct chat it is the other one.
    const user = reaction.member?.user ?? ((await api.rest.get(Routes.user(reaction.user_id))) as APIUser);
    if (user.bot === true || !(await home.hears(reaction.guild_id, user.id))) return;
    const { address } = await places.addressOf(reaction.channel_id, reaction.message_id);
    const manages = await managers.includes(reaction.guild_id, user.id, reaction.member?.roles);
    const sender = senderOf(user, reaction.member, manages);
    await host.react({ thread: address, post: reaction.message_id, sender, meaning });
  }

  return {
    take: (message: Created, found?: { readonly late: true }) => order.first(message, () => take(message, found)),
    change: (message: GatewayMessageUpdateDispatchData) => order.after(message.id, () => change(message)),
    react,
    /** A message is gone; who deleted it is not said. */
    drop: (id: string) =>
      order.after(id, () =>
        host.amend({ platform: 'discord', externalId: id, sender: { externalId: '', name: 'somebody' } }),
      ),
  };
}

/** Said by a person. The rest is what Discord says in a person's name: a thread has another name, a message was pinned. */
function isSpeech({ type }: Pick<APIMessage, 'type'>): boolean {
  return type === MessageType.Default || type === MessageType.Reply;
}

export type Messages = ReturnType<typeof createMessages>;
