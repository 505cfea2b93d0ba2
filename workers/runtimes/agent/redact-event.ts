import type { Redactor } from '#core/text/redact.ts';

/** The same with every secret taken out of every text in it. JSON values only. */
export function redactEvent<T>(value: T, redactor: Redactor): T {
  return redacted(value, redactor) as T;
}

function redacted(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.redact(value);
  if (Array.isArray(value)) return value.map((each) => redacted(each, redactor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner, redactor)]));
}
