import { readHints } from '#core/understand/hints.ts';
import { noRequest } from '#core/understand/no-request.ts';

/** A line of a list: "- this", "* this", "1. this", "2) this". */
const item = /^\s*(?:[-*•]|\d{1,2}[.)])\s+(.+)$/;

/** Requests that one message may have. */
export const mostRequests = 20;

/** A message's requests: the lines of its list when it has one of two or more, else the whole text. */
export function splitRequests(text: string): readonly string[] {
  const lines = text.split('\n');
  const items = lines.flatMap((line) => item.exec(line)?.[1]?.trim() ?? []);
  const intro = lines.slice(
    0,
    lines.findIndex((line) => item.test(line)),
  );
  // "Don't do these:" is said of all of them.
  if (items.length < 2 || noRequest(intro.join('\n')) !== undefined) return [text.trim()];
  return items.map((each) => withOrder(each, intro.join('\n')));
}

/** What is said before a list of when its work is to be done holds for each that says nothing else. */
function withOrder(request: string, intro: string): string {
  const [own, all] = [readHints(request), readHints(intro)];
  const after = own.after.length > 0 ? [] : all.after.map((number) => `after #${number}`);
  const priority = own.priority === undefined && all.priority !== undefined ? [`priority ${all.priority}`] : [];
  return [request, ...after, ...priority].join(' ');
}
