import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { ChatChannel, ChatFile, ChatMessage, ChatPerson } from '#core/chat/chat-store.ts';
import type { Place } from './place.ts';
import type { ReadMarks } from './unread.ts';

/** Everything that the page shows, in one immutable value. Small state of one widget (an open menu) stays in the widget. */
export interface ChatState {
  /** `undefined` while it is asked, `null` for a first visit. */
  readonly me: ChatPerson | null | undefined;
  readonly people: readonly ChatPerson[];
  /** `undefined` until they are loaded. */
  readonly channels: readonly ChatChannel[] | undefined;
  readonly place: Place;
  readonly messages: ReadonlyMap<string, ChatMessage>;
  /** What is loaded, by channel id or by the id of a thread's root. */
  readonly pages: ReadonlyMap<string, Page>;
  readonly outgoing: readonly Outgoing[];
  readonly read: ReadMarks;
  readonly connection: 'connecting' | 'live' | 'lost';
  /** The dialog that is open, of those that belong to the whole page. */
  readonly dialog: 'name' | 'channel' | 'jump' | undefined;
  /** Whether the channel list covers the page of a phone. */
  readonly menuOpen: boolean;
}

/** A stretch of history that is loaded without gaps from its oldest message to now. */
export interface Page {
  readonly status: 'loading' | 'loaded' | 'failed';
  /** Whether there is more above. */
  readonly more: boolean;
  /** The id of the oldest loaded message; messages above it may be known, but not all of them. */
  readonly oldest?: string;
  readonly problem?: string;
}

/** Where a message goes: a channel, or a thread of it. */
export interface Target {
  readonly channelId: string;
  readonly rootId?: string;
}

/** A message on its way to the server. */
export interface Outgoing {
  /** Makes the sending repeatable: the server takes one message per key. */
  readonly key: string;
  readonly target: Target;
  readonly text: string;
  readonly files: readonly ChatFile[];
  readonly at: string;
  readonly status: 'sending' | 'failed';
  readonly problem?: string;
  /** Whether it failed for want of a connection, so that sending it again by itself makes sense. */
  readonly offline?: boolean;
}

let state: ChatState = {
  me: undefined,
  people: [],
  channels: undefined,
  place: { channel: undefined, thread: undefined },
  messages: new Map(),
  pages: new Map(),
  outgoing: [],
  read: { since: '', channels: {}, threads: {} },
  connection: 'connecting',
  dialog: undefined,
  menuOpen: false,
};

const watchers = new Set<() => void>();

export function chatState(): ChatState {
  return state;
}

/** Changes the state: the given parts replace the old ones. */
export function change(parts: Partial<ChatState>): void {
  state = { ...state, ...parts };
  for (const watcher of watchers) watcher();
}

/** Calls `watcher` after every change until the returned function is called. */
export function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** A part of the state for a component, which is drawn again when that part is another value. `select` must not make new values. */
export function useChat<Part>(select: (state: ChatState) => Part): Part {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const part = select(state);
  const drawn = useRef({ select, part });
  drawn.current = { select, part };
  useLayoutEffect(() => {
    const check = () => {
      if (!Object.is(drawn.current.select(state), drawn.current.part)) redraw(undefined);
    };
    check();
    return watch(check);
  }, []);
  return part;
}

/** The channel that is open, once the channels are known. */
export function openChannel(current: ChatState): ChatChannel | undefined {
  const { channel } = current.place;
  return current.channels?.find(({ name }) => name === channel);
}

/** Changes one page; the rest of it stays. */
export function changePage(key: string, parts: Partial<Page>): void {
  const page = state.pages.get(key) ?? { status: 'loading', more: false };
  change({ pages: new Map(state.pages).set(key, { ...page, ...parts }) });
}

/** The name of a target in drafts, pages and panes. */
export function targetKey(target: Target): string {
  return target.rootId ?? target.channelId;
}
