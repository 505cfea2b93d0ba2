/** A count with its noun: `1 file`, `3 files`, `0 files`; irregular nouns bring their plural (`plural(2, 'entry', 'entries')`). */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}
