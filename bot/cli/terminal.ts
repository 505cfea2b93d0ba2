import { createInterface } from 'node:readline/promises';

/** Where a person reads, and perhaps writes. */
export interface Terminal {
  print(line: string): void;
  /**
   * Asks for a line; absent where nobody can be asked (a pipe, a script). `undefined`: the person ended it, or the signal did because
   * it is needed no more.
   */
  readonly ask?: (question: string, signal?: AbortSignal) => Promise<string | undefined>;
}

/** The terminal of this process. */
export function ownTerminal(): Terminal {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { print };
  return {
    print,
    async ask(question, signal) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      const ended = new AbortController();
      lines.once('close', () => ended.abort());
      // A terminal that is asked hands Ctrl-C to the question alone.
      lines.once('SIGINT', () => {
        lines.close();
        process.emit('SIGINT');
      });
      try {
        return await lines.question(question, {
          signal: signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]),
        });
      } catch {
        return undefined;
      } finally {
        lines.close();
      }
    },
  };
}
