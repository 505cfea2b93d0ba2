import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Application } from '../../application.ts';
import { threadHref } from '../../thread-href.ts';
import { localTimes, localTimesOnly } from './local-times.ts';

const policy = `default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; ${localTimesOnly}`;

/** A page of Commander. */
export interface Page {
  /** In the browser's tab. */
  readonly title: string;
  readonly heading: string;
  /** What stands above it: ways back, and what it is about. */
  readonly top: unknown;
  readonly body: unknown;
  /** What of our own it may show or send to besides pictures, as directives of a content security policy. */
  readonly allows?: string;
}

/** Answers with a page. It runs no script but ours for its times, whatever it shows. */
export async function showPage(
  context: Context,
  { title, heading, top, body, allows = "img-src 'self'; form-action 'none'" }: Page,
): Promise<Response> {
  return context.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Commander</title>
<link rel="icon" href="/assets/client/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/pages.css">
</head>
<body>
<header class="top">${top}</header>
<main><h1>${heading}</h1>
${body}
</main>
<script>${raw(localTimes)}</script>
</body>
</html>`,
    200,
    {
      'content-security-policy': `${policy}; ${allows}`,
      'x-content-type-options': 'nosniff',
      // Other sites are told nothing; without it a form of ours would not say whose it is.
      'referrer-policy': 'same-origin',
    },
  );
}

export interface TaskPage {
  readonly task: TaskState;
  /** What the page shows of the task: `Changes`, `Output`. */
  readonly shows: string;
  readonly body: unknown;
}

/** A page about a task, with a way back to its thread. */
export async function taskPage(
  context: Context,
  application: Application,
  { task, shows, body }: TaskPage,
): Promise<Response> {
  const thread = await threadHref(application, task);
  const name = `#${task.number} ${plainText(task.title, { singleLine: true })}`;
  const back = thread === undefined ? '' : html`<a href="${thread}">← Thread</a> `;
  const top = html`${back}<p><strong>${name}</strong> <span>${task.project.name}</span></p>`;
  return showPage(context, { title: `${shows} of ${name}`, heading: shows, top, body });
}

/** The number of a task in an address; 0, which no task has, for anything else. */
export function numberOf(context: Context): number {
  return Number(/^\d{1,9}$/.exec(context.req.param('number') ?? '')?.[0] ?? 0);
}

export function missing(context: Context): Response {
  return context.text('There is no such task, or nothing of it to show yet.', 404);
}
