/** The first column is no wider than this; a longer cell has a line of its own. */
const widest = 44;

/** Two columns, the second one aligned. */
export function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length).filter((length) => length <= widest));
  return rows.flatMap(([first, second]) =>
    first.length > width ? [first, `${' '.repeat(width)}  ${second}`] : [`${first.padEnd(width)}  ${second}`.trimEnd()],
  );
}
