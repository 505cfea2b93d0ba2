/** What this browser keeps between visits. A browser that forbids it gets a chat that forgets, not one that fails. */
const memory = new Map<string, string>();

/** The kept text of that name, or `null`. */
export function kept(name: string): string | null {
  return memory.get(name) ?? quietly(() => localStorage.getItem(name)) ?? null;
}

/** Keeps a text; the empty one is forgotten. */
export function keep(name: string, text: string): void {
  memory.delete(name);
  const done = quietly(() => {
    if (text === '') localStorage.removeItem(name);
    else localStorage.setItem(name, text);
    return true;
  });
  if (done === undefined && text !== '') memory.set(name, text);
}

/** Storage that is forbidden or full throws; the copy in memory serves then. */
function quietly<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
