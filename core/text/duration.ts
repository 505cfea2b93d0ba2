const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A span of time in words, from milliseconds: `340 ms`, `4 s`, `1 min 4 s`, `2 h 5 min`, `3 d 1 h`. Two units at most, rounded
 * to the smaller one. A negative span (two machines' clocks differ) counts as none.
 */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'an unknown time';
  const span = Math.max(0, Math.round(milliseconds));
  if (span === 0) return '0 s';
  if (span < SECOND) return `${span} ms`;
  const seconds = round(span, SECOND);
  if (seconds < MINUTE) return `${seconds / SECOND} s`;
  if (seconds < HOUR) return pair(seconds, MINUTE, 'min', SECOND, 's');
  const minutes = round(span, MINUTE);
  if (minutes < DAY) return pair(minutes, HOUR, 'h', MINUTE, 'min');
  return pair(round(span, HOUR), DAY, 'd', HOUR, 'h');
}

function round(span: number, unit: number): number {
  return Math.round(span / unit) * unit;
}

function pair(span: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = (span % big) / small;
  const whole = `${Math.floor(span / big)} ${bigName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
