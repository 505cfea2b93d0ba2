import type pg from 'pg';

/** Sends a statement on one connection. */
export type Ask = (
  text: string,
  values?: readonly unknown[],
) => Promise<Pick<pg.QueryResult, 'command' | 'rowCount' | 'rows'>>;

const reads = /^\s*select\b/i;

/**
 * The same connection, whose transactions begin without a round trip of their own: `begin` goes out together with the first
 * statement, if that only reads. Should Postgres refuse it, what is behind it would stand alone; so everything else waits for its answer.
 */
export function beginsWithFirst(ask: Ask): Ask {
  let begun: Promise<unknown> = Promise.resolve();
  let isFirst = false;

  function begin(): void {
    isFirst = true;
    begun = ask('begin');
    // Whatever comes next on this connection fails with it.
    begun.catch(() => {});
  }

  return async (text, values) => {
    if (text === 'begin') {
      begin();
      return { command: 'BEGIN', rowCount: null, rows: [] };
    }
    const together = isFirst && reads.test(text);
    isFirst = false;
    if (!together) return begun.then(() => ask(text, values));
    const [answer] = await Promise.all([ask(text, values), begun]);
    return answer;
  };
}
