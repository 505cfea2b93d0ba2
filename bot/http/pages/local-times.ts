import { createHash } from 'node:crypto';

/** The one script of pages: it says each moment in the reader's time zone. Without it they stand there in UTC. */
export const localTimes = `for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  time.title = time.textContent;
  time.textContent = at.toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
}`;

/** Lets a page run exactly this script, wherever it came from: nothing that a task made, nor any other file of ours. */
export const localTimesOnly = `script-src 'sha256-${createHash('sha256').update(localTimes).digest('base64')}'`;
