/** The value below which a share (0 to 1) of the measured ones lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle of some repetitions. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** What a figure has to be: less than `below`, or no more than `most`. */
export type Goal = {
  readonly what: string;
  readonly found: number;
  /** Of the numbers, in words; nothing for a mere count. */
  readonly unit?: string;
} & ({ readonly below: number } | { readonly most: number });

/** Whether a goal is met. What was never measured, and so is no finite number, meets none. */
export function isMet(goal: Goal): boolean {
  if (!Number.isFinite(goal.found)) return false;
  return 'below' in goal ? goal.found < goal.below : goal.found <= goal.most;
}

/** Prints each goal beside what was found; the process ends with 1 when one is missed. */
export function judge(goals: readonly Goal[]): void {
  const rows = goals.map((goal) => {
    const { what, found, unit = '' } = goal;
    const wanted = 'below' in goal ? `below ${goal.below}` : `at most ${goal.most}`;
    return `| ${`${what}: ${wanted} ${unit}`.trim()} | ${Number(found.toFixed(2))} | ${isMet(goal) ? 'met' : 'NOT met'} |`;
  });
  process.stdout.write(`${['| goal | found | |', '| --- | --- | --- |', ...rows, ''].join('\n')}\n`);
  if (!goals.every(isMet)) process.exitCode = 1;
}
