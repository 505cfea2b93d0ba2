/** Rows that one statement carries, at most. */
const rowsLimit = 100;

interface Asked<Row, Result> extends PromiseWithResolvers<Result> {
  readonly row: Row;
}

/**
 * Does at once what is asked alone, and in one call what is asked while a call is under way: under load one commit carries many
 * rows, and nobody waits for more than two. A call that fails with several rows is repeated with each alone, so that one bad row
 * fails nobody else.
 * @param run answers with one result a row, in their order
 */
export function batched<Row, Result>(
  run: (rows: readonly Row[]) => Promise<readonly Result[]>,
): (row: Row) => Promise<Result> {
  const waiting: Asked<Row, Result>[] = [];
  let underWay = false;

  async function work(): Promise<void> {
    underWay = true;
    while (waiting.length > 0) await carry(waiting.splice(0, rowsLimit));
    underWay = false;
  }

  async function carry(asked: readonly Asked<Row, Result>[]): Promise<void> {
    try {
      const results = await run(asked.map(({ row }) => row));
      for (const [index, { resolve }] of asked.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (asked.length === 1) asked[0]?.reject(error);
      else for (const each of asked) await carry([each]);
    }
  }

  return (row) => {
    const asked = { row, ...Promise.withResolvers<Result>() };
    waiting.push(asked);
    if (!underWay) void work();
    return asked.promise;
  };
}
