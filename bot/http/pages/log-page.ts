import { join } from 'node:path';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../../application.ts';
import { missing, numberOf, taskPage } from './page.ts';
import { pageViewer } from './page-viewer.ts';
import { endOf, logsOf, type TaskLog } from './task-logs.ts';

/** Of one log on a page, in bytes from its end; the whole one is on disk. */
const logShown = 256 * 1024;

/** What each step and check of a task put out, and what was asked for before it. */
export async function logPage(context: Context, application: Application): Promise<Response> {
  const task = await taskByNumber(application.db, numberOf(context), pageViewer(context));
  if (task === undefined) return missing(context);
  const sections = await Promise.all(logsOf(task).map((log) => section(application.home, log)));
  const approvals = task.approvals.map(
    ({ stepName, status, shown }) =>
      html`<section><h2>Approval of “${stepName}”: ${status}</h2><pre tabindex="0">${shown}</pre></section>`,
  );
  const none = sections.length + approvals.length === 0 ? html`<p>Nothing has run yet.</p>` : '';
  return taskPage(context, application, { task, shows: 'Output', body: html`${none}${approvals}${sections}` });
}

async function section(home: string, { title, place }: TaskLog) {
  const { text, before } = await endOf(join(home, place), logShown).catch(() => ({
    text: 'There is no output.',
    before: 0,
  }));
  const cut = before === 0 ? '' : `… ${formatBytes(before)} before this are on disk, in ${place}.\n`;
  return html`<section><h2>${title}</h2><pre tabindex="0">${cut}${plainText(text)}</pre></section>`;
}
