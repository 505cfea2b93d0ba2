/**
 * A text in parts of at most `limit` UTF-16 units, cut at the ends of lines where there are any, never within a character; joined
 * they are the text again.
 */
export function chunks(text: string, limit: number): readonly string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const line = rest.lastIndexOf('\n', limit - 1) + 1;
    const end = line > 0 ? line : wholeCharacter(rest, limit);
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...found, rest];
}

function wholeCharacter(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return end > 1 && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
