import { createInterface } from 'node:readline/promises';

/** Where a person reads, and perhaps writes. */
export interface Terminal {
  print(line: string): void;
  /** Asks for a line; absent where nobody can be asked (a pipe, a script). `undefined`: the person ended it. */
  readonly ask?: (question: string) => Promise<string | undefined>;
}

/** The terminal of this process. */
export function ownTerminal(): Terminal {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { print };
  return {
    print,
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      const ended = new AbortController();
      lines.once('close', () => ended.abort());
      try {
        return await lines.question(question, { signal: ended.signal });
      } catch {
        return undefined;
      } finally {
        lines.close();
      }
    },
  };
}
