import { readEvents, type ServerEvent } from '#bot/cli/read-events.ts';

export interface EventStream {
  /** The next event; `undefined` when the server has ended the stream. */
  next(): Promise<ServerEvent | undefined>;
  /** The next so many `message` events. */
  messages(count: number): Promise<readonly ServerEvent[]>;
  close(): Promise<void>;
}

/** Opens a stream of events as a browser does, without its reconnecting: tests do that themselves. */
export async function openEvents(address: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const ending = new AbortController();
  const response = await fetch(address, { headers, signal: ending.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`no events: status ${response.status}`);
  const events = readEvents(response.body);
  const next = async () => (await events.next()).value as ServerEvent | undefined;
  return {
    next,
    async messages(count) {
      const found: ServerEvent[] = [];
      while (found.length < count) {
        const event = await next();
        if (event === undefined) throw new Error(`the stream ended after ${found.length} of ${count} messages`);
        if (event.event === 'message') found.push(event);
      }
      return found;
    },
    async close() {
      ending.abort();
      await events.return(undefined).catch(() => undefined);
    },
  };
}
