/** What the web chat tells its operator: facts, then a sentence. A pino logger is one. */
export interface WebLog {
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** For whoever gives no log of their own: lines on the standard error output. */
export const plainLog: WebLog = { warn: writeLine, error: writeLine };

function writeLine(facts: object, sentence: string): void {
  const error = 'error' in facts && facts.error instanceof Error ? `: ${facts.error.stack}` : '';
  process.stderr.write(`${sentence}${error}\n`);
}
