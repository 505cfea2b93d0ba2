/** What a message says itself: lines that quote somebody (`> …`) are context, and ask for nothing. */
export function ownWords(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s{0,3}>/.test(line))
    .join('\n');
}
