/** A line of the doctor: whether all is well with a thing, its name, and what there is to say of it. */
export function doctorLine(good: boolean, name: string, words: string): string {
  return `  ${good ? '✓' : '✗'} ${name.padEnd(12)} ${words}`;
}
