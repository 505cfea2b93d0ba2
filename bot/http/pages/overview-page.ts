import type { Context } from 'hono';
import { html } from 'hono/html';
import { explain } from '#core/show/explain.ts';
import type { OutputReference } from '#core/task/output.ts';
import type { TaskState } from '#core/task/state.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../../application.ts';
import { presentedWorld } from '../../show-world.ts';
import { drawText } from './draw-card.ts';
import { missing, numberOf, taskPage } from './page.ts';
import { pageViewer } from './page-viewer.ts';

/** How a task stands, for those who are not where its thread is: what it does and why, its plan, its outputs, ways on. */
export async function overviewPage(context: Context, application: Application): Promise<Response> {
  const task = await taskByNumber(application.db, numberOf(context), pageViewer(context));
  if (task === undefined) return missing(context);
  const paragraphs = explain(task, await presentedWorld(application, task));
  const ways = [...(task.workspace === undefined ? [] : [['diff', 'Changes'] as const]), ['log', 'Details'] as const];
  const body = html`<nav class="scopes" aria-label="More of this task">${ways.map(
    ([path, name]) => html`<a href="/tasks/${task.number}/${path}">${name}</a> `,
  )}</nav>
${paragraphs.map((text) => html`<p>${drawText(text)}</p>`)}
<section><h2>What was asked for</h2><blockquote>${plainText(task.request, { maxLength: 10_000 })}</blockquote></section>
${plan(task)}${outputs(task.outputs)}`;
  return taskPage(context, application, { task, shows: 'State', body });
}

function plan({ steps }: TaskState) {
  if (steps.length === 0) return '';
  return html`<section><h2>Plan</h2><ol>${steps.map(
    ({ plan: step, status }) => html`<li>${plainText(step.name, { singleLine: true })}: ${status}</li>`,
  )}</ol></section>`;
}

function outputs(all: readonly OutputReference[]) {
  if (all.length === 0) return '';
  return html`<section><h2>Outputs</h2><ul class="changes">${all
    .toReversed()
    .map(
      ({ id, name, version, size }) =>
        html`<li><a href="/library/${id}">${plainText(name, { singleLine: true })}</a> <span class="note">version ${version}, ${formatBytes(size)}</span></li>`,
    )}</ul></section>`;
}
