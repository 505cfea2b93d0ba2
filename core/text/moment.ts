const format = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** A moment (ISO 8601) for a reader whose time zone is not known: `25 Nov 2026, 19:42 UTC`. What is no moment stays as it is. */
export function formatMoment(at: string): string {
  const moment = Date.parse(at);
  return Number.isNaN(moment) ? at : `${format.format(moment)} UTC`;
}
