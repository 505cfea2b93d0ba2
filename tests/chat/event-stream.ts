/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

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
  const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';

  async function next(): Promise<ServerEvent | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const fields = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (fields !== undefined) return fields;
        continue;
      }
      const { done, value } = await chunks.read();
      if (done) return undefined;
      text += value;
    }
  }

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
      await chunks.cancel().catch(() => undefined);
    },
  };
}

/** The fields of one event; `undefined` for a comment. */
function parse(block: string): ServerEvent | undefined {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields[name] = value ?? '';
  }
  if (fields.data === undefined) return undefined;
  return { event: fields.event ?? 'message', id: fields.id ?? '', data: fields.data };
}
