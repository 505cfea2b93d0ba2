import type { Context } from 'hono';
import { html } from 'hono/html';
import { fileHeaders } from '#core/run/file-headers.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../../application.ts';
import { logFile } from '../../log-file.ts';
import { logsOf, readLog, type TaskLog } from '../../task-logs.ts';
import { missing, numberOf, taskPage } from './page.ts';
import { pageViewer } from './page-viewer.ts';

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

/** The same output as a file, which a card in the web chat links to. */
export async function logDownload(context: Context, application: Application): Promise<Response> {
  const task = await taskByNumber(application.db, numberOf(context), pageViewer(context));
  const file = task && (await logFile(application, task));
  return file === undefined ? missing(context) : context.body(file.text, 200, fileHeaders(file));
}

async function section(home: string, log: TaskLog) {
  const { text } = await readLog(home, log, logShown);
  return html`<section><h2>${log.title}</h2><pre tabindex="0">${text}</pre></section>`;
}
