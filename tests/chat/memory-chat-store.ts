import type { Card } from '#core/chat/card.ts';
import type {
  ChatChannel,
  ChatFile,
  ChatMessage,
  ChatPerson,
  ChatStore,
  NewChatMessage,
} from '#core/chat/chat-store.ts';
import { plainOf } from '#core/chat/inline.ts';

/**
 * A `ChatStore` in memory that keeps the contract of the one in Postgres: ids are UUIDs that grow, keys are unique, a reply
 * and a status change their root as well, a wake-up comes after every change.
 */
export function memoryChatStore(): ChatStore {
  const channels: ChatChannel[] = [];
  const people: ChatPerson[] = [];
  const files = new Map<string, ChatFile>();
  const messages = new Map<string, ChatMessage>();
  const idByKey = new Map<string, string>();
  const wakes = new Set<() => void>();
  let count = 0;

  const newId = () => `00000000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`;
  const newestLast = () => [...messages.values()].sort((one, two) => Number(one.cursor) - Number(two.cursor));
  const put = (message: ChatMessage) => messages.set(message.id, { ...message, cursor: String(++count) });
  const changed = () => {
    for (const wake of [...wakes]) wake();
  };

  function touchRoot(rootId: string, card: Card | undefined, reply: ChatMessage | undefined): void {
    const root = messages.get(rootId);
    if (root === undefined) return;
    const status = card?.key.startsWith('status') ? { title: plainOf(card.title), tone: card.tone } : undefined;
    if (reply === undefined && status === undefined) return;
    const counted = reply === undefined ? {} : { replies: root.replies + 1, lastReplyAt: reply.at };
    put({ ...root, ...counted, ...(status === undefined ? {} : { threadStatus: status }) });
  }

  function add(message: NewChatMessage): ChatMessage {
    const author = message.author === 'commander' ? 'commander' : personOf(message.author.personId);
    const added: ChatMessage = {
      id: newId(),
      channelId: message.channelId,
      rootId: message.rootId,
      author,
      text: message.text,
      card: message.card,
      files: (message.fileIds ?? []).flatMap((id) => files.get(id) ?? []),
      at: new Date().toISOString(),
      revision: 0,
      cursor: '',
      replies: 0,
    };
    put(added);
    idByKey.set(message.key, added.id);
    if (message.rootId !== undefined) touchRoot(message.rootId, message.card, added);
    return messages.get(added.id) ?? added;
  }

  function personOf(id: string): ChatPerson {
    const found = people.find((person) => person.id === id);
    if (found === undefined) throw new Error(`no person ${id}`);
    return found;
  }

  return {
    channels: async () => [...channels],
    addChannel: async (name) => foundOrAdded(channels, (channel) => channel.name === name, { id: newId(), name }),
    person: async (name) =>
      foundOrAdded(people, (person) => person.name.toLowerCase() === name.toLowerCase(), { id: newId(), name }),
    people: async () => [...people],
    append: async (message) => {
      const known = messages.get(idByKey.get(message.key) ?? '');
      if (known !== undefined) return { message: known, new: false };
      const added = add(message);
      changed();
      return { message: added, new: true };
    },
    editCard: async (messageId, card, revision) => {
      const message = messages.get(messageId);
      if (message === undefined || message.revision >= revision) return;
      put({ ...message, card, revision });
      if (message.rootId !== undefined) touchRoot(message.rootId, card, undefined);
      changed();
    },
    message: async (messageId) => messages.get(messageId),
    history: async (channelId, { before, limit }) =>
      [...messages.values()]
        .filter((message) => message.channelId === channelId && message.rootId === undefined)
        .filter(({ id }) => before === undefined || id < before)
        .sort((one, two) => (one.id < two.id ? -1 : 1))
        .slice(-limit),
    thread: async (rootId) =>
      [...messages.values()]
        .filter((message) => message.id === rootId || message.rootId === rootId)
        .sort((one, two) => (one.id < two.id ? -1 : 1)),
    changesSince: async (cursor, limit) =>
      newestLast()
        .filter((message) => Number(message.cursor) > Number(cursor))
        .slice(0, limit),
    head: async () => newestLast().at(-1)?.cursor ?? '0',
    addFile: async ({ personId: _personId, ...file }) => {
      const added = { id: newId(), ...file };
      files.set(added.id, added);
      return added;
    },
    file: async (fileId) => files.get(fileId),
    onChange: (wake) => {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
  };
}

function foundOrAdded<Item>(items: Item[], matches: (item: Item) => boolean, item: Item): Item {
  const found = items.find(matches);
  if (found !== undefined) return found;
  items.push(item);
  return item;
}
