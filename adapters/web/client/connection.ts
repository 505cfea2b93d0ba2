import type { ChatMessage } from '#core/chat/chat-store.ts';

/** What a live connection tells. */
export interface ConnectionListener {
  /** The stream stands: all that happens from now on will be told. `caughtUp` is false when there may be a gap before it. */
  ready(): void;
  lost(): void;
  /** Messages new or changed, oldest first. */
  messages(messages: readonly ChatMessage[]): void;
}

/** Waits between attempts (ms): soon at first, because a restart takes a moment only, then calmly. */
const waits = [250, 500, 1000, 2000, 4000];

/** Hidden for longer (ms), a page may have slept and hold a line that is dead without knowing: the server pings every 15 s. */
const longHidden = 30_000;

/** Events within this time (ms) are told together: a burst is drawn once. */
const gathering = 16;

/**
 * Follows the chat's events for as long as the page lives: connects again after every loss, and goes on after the last event
 * that it got, so nothing is missed.
 */
export function followEvents(listener: ConnectionListener): void {
  let cursor: string | undefined;
  let failures = 0;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const deliver = gatherer((messages) => listener.messages(messages));

  const connect = () => {
    clearTimeout(retry);
    retry = undefined;
    source?.close();
    const query = cursor === undefined ? '' : `?${new URLSearchParams({ after: cursor })}`;
    const stream = new EventSource(`/api/chat/events${query}`);
    source = stream;
    stream.addEventListener('ready', (event) => {
      failures = 0;
      cursor ??= cursorOf(event.data);
      listener.ready();
    });
    stream.addEventListener('message', (event) => {
      cursor = event.lastEventId || cursor;
      deliver(JSON.parse(event.data) as ChatMessage);
    });
    stream.addEventListener('error', () => lose());
  };
  const lose = () => {
    source?.close();
    if (retry !== undefined) return;
    listener.lost();
    retry = setTimeout(connect, waits[Math.min(failures, waits.length - 1)]);
    failures += 1;
  };
  let hiddenAt = 0;
  const wake = () => {
    if (document.visibilityState === 'hidden') hiddenAt = Date.now();
    else if (source?.readyState !== EventSource.OPEN || Date.now() - hiddenAt > longHidden) connect();
  };
  addEventListener('online', connect);
  document.addEventListener('visibilitychange', wake);
  connect();
}

/** Collects messages and hands them over together, in order. */
function gatherer(hand: (messages: readonly ChatMessage[]) => void): (message: ChatMessage) => void {
  let gathered: ChatMessage[] = [];
  return (message) => {
    if (gathered.length === 0) {
      setTimeout(() => {
        const messages = gathered;
        gathered = [];
        hand(messages);
      }, gathering);
    }
    gathered.push(message);
  };
}

function cursorOf(data: string): string | undefined {
  return (JSON.parse(data) as { cursor?: string }).cursor;
}
