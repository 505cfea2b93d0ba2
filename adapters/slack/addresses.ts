import type { AdapterStore, ThreadAddress } from '#core/chat/adapter.ts';

/** The parts of an address, as Slack knows them. */
export interface Place {
  readonly team: string;
  readonly channel: string;
  /** The time stamp of the message that opened the thread. */
  readonly ts: string;
}

/** A thread's address: the team stands with the channel, so that many workspaces keep apart. */
export function addressOf({ team, channel, ts }: Place): ThreadAddress {
  return { platform: 'slack', channel: `${team}/${channel}`, thread: ts };
}

/** The place of an address whose thread begins with a message. */
export function placeOf({ channel, thread }: ThreadAddress): Place {
  const [team = '', id = ''] = channel.split('/');
  return { team, channel: id, ts: thread };
}

/** What every person and message is known by: unique over all workspaces. */
export function globalId(...parts: readonly string[]): string {
  return parts.join('/');
}

/** A slash command has no message: its thread is known by the command's own id until a message of ours opens it. */
const commandSign = 'command-';

type Opening = { readonly ts: string } | { readonly words: string };

export interface CommandThreads {
  /** The address of a command's thread. */
  address(team: string, channel: string, triggerId: string, words: string): Promise<ThreadAddress>;
  /** What its first message says, when it is such a thread and is not opened yet; else its time stamp. */
  find(address: ThreadAddress): Promise<Opening>;
  opened(address: ThreadAddress, ts: string): Promise<void>;
  /** The time stamp of the message that a thread begins with; `undefined` where none opened it yet. */
  opening(address: ThreadAddress): Promise<string | undefined>;
  /** The address that a thread began with. */
  original(place: Place): Promise<ThreadAddress>;
}

export function createCommandThreads(store: AdapterStore): CommandThreads {
  async function find({ thread }: ThreadAddress): Promise<Opening> {
    if (!thread.startsWith(commandSign)) return { ts: thread };
    const known = (await store.get(thread)) as { readonly words?: string; readonly ts?: string } | undefined;
    return known?.ts === undefined ? { words: known?.words ?? 'A command' } : { ts: known.ts };
  }

  return {
    find,
    async address(team, channel, triggerId, words) {
      const thread = `${commandSign}${triggerId}`;
      await store.set(thread, { words });
      return { platform: 'slack', channel: globalId(team, channel), thread };
    },
    async opened({ channel, thread }, ts) {
      await store.set(thread, { ts });
      await store.set(`opened:${channel}/${ts}`, thread);
    },
    async opening(address) {
      const found = await find(address);
      return 'ts' in found && /^\d+\.\d+$/.test(found.ts) ? found.ts : undefined;
    },
    async original(place) {
      const address = addressOf(place);
      const thread = await store.get(`opened:${address.channel}/${place.ts}`);
      return typeof thread === 'string' ? { ...address, thread } : address;
    },
  };
}
