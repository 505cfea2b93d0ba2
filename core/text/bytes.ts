const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in words, from bytes, in steps of 1000 (SI, as file managers show it): `512 B`, `1.5 kB`, `24 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'an unknown size';
  let value = Math.max(0, Math.round(bytes));
  let unit = 0;
  while (unit < UNITS.length - 1 && rounded(value) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  return `${rounded(value)} ${UNITS[unit]}`;
}

/** Two digits are enough to compare: one decimal below ten, none above. */
function rounded(value: number): number {
  const tenths = Math.round(value * 10) / 10;
  return tenths < 10 ? tenths : Math.round(value);
}
