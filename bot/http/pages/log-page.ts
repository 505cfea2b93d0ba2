import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { checkLogPlace, stepLogPlace } from '#core/run/places.ts';
import type { TaskState } from '#core/task/state.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../../application.ts';
import { missing, numberOf, taskPage } from './page.ts';
import { pageViewer } from './page-viewer.ts';

/** Of one log on a page, in bytes from its end; the whole one is on disk. */
const logShown = 256 * 1024;

interface Log {
  readonly title: string;
  /** Its path within the data directory. */
  readonly place: string;
}

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

function logsOf({ number, round, steps, verification }: TaskState): readonly Log[] {
  const ofSteps = steps.flatMap(({ plan, attempts }) =>
    Array.from({ length: attempts }, (_, index) => ({
      title: `${plan.name}${attempts > 1 ? `, attempt ${index + 1}` : ''}`,
      place: stepLogPlace({ taskNumber: number, round, stepId: plan.id, attempt: index + 1 }),
    })),
  );
  const ofChecks = (verification?.checks ?? []).map((check, index) => ({
    title: `Check: ${check.name}`,
    place: checkLogPlace(number, round, index),
  }));
  return [...ofSteps, ...ofChecks];
}

async function section(home: string, { title, place }: Log) {
  const { text, before } = await endOf(join(home, place)).catch(() => ({ text: 'There is no output.', before: 0 }));
  const cut = before === 0 ? '' : `… ${formatBytes(before)} before this are on disk, in ${place}.\n`;
  return html`<section><h2>${title}</h2><pre tabindex="0">${cut}${plainText(text)}</pre></section>`;
}

/** The end of a file, from the beginning of a line on, and how many bytes stand before it. */
async function endOf(path: string): Promise<{ readonly text: string; readonly before: number }> {
  await using file = await open(path);
  const { size } = await file.stat();
  const start = Math.max(0, size - logShown);
  const bytes = Buffer.alloc(Math.min(size, logShown));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  const skipped = start === 0 ? 0 : bytes.indexOf(10) + 1;
  return { text: bytes.toString('utf8', skipped, bytesRead), before: start + skipped };
}
