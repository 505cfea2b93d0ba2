/** What the address bar says: a channel by name, and a thread of it by the id of its root. */
export interface Place {
  readonly channel: string | undefined;
  readonly thread: string | undefined;
}

/** Reads a path (`/c/general`, `/c/general/0199…`); any other path is no place. */
export function placeOf(path: string): Place {
  const [, channel, thread] = /^\/c\/([^/]+)(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  return { channel: decoded(channel), thread: decoded(thread) };
}

/** The path of a place: what `placeOf` reads. */
export function pathOf(channel: string, thread?: string): string {
  const base = `/c/${encodeURIComponent(channel)}`;
  return thread === undefined ? base : `${base}/${encodeURIComponent(thread)}`;
}

/** A mistyped escape (`%zz`) is a place that does not exist, not an error. */
function decoded(part: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
