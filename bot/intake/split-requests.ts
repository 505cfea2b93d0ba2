/** A line of a list: "- this", "* this", "1. this", "2) this". */
const item = /^\s*(?:[-*•]|\d{1,2}[.)])\s+(.+)$/;

/** A message's requests: the lines of its list when it has one of two or more, else the whole text. */
export function splitRequests(text: string): readonly string[] {
  const items = text.split('\n').flatMap((line) => item.exec(line)?.[1]?.trim() ?? []);
  return items.length >= 2 ? items.slice(0, 20) : [text.trim()];
}
