import type { Context } from 'hono';
import { html } from 'hono/html';
import type { TaskState } from '#core/task/state.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { Application } from '../../application.ts';
import { threadHref } from '../../thread-href.ts';

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface TaskPage {
  readonly task: TaskState;
  /** What the page shows of the task: `Changes`, `Output`. */
  readonly shows: string;
  readonly body: unknown;
}

/** A page about a task, with a way back to its thread. It runs no script, whatever it shows. */
export async function taskPage(
  context: Context,
  application: Application,
  { task, shows, body }: TaskPage,
): Promise<Response> {
  const thread = await threadHref(application, task);
  const name = `#${task.number} ${plainText(task.title, { singleLine: true })}`;
  return context.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${shows} of ${name} · Commander</title>
<link rel="icon" href="/assets/client/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/pages.css">
</head>
<body>
<header class="top">${thread === undefined ? '' : html`<a href="${thread}">← Thread</a> `}<p><strong>${name}</strong> <span>${task.project.name}</span></p></header>
<main><h1>${shows}</h1>
${body}
</main>
</body>
</html>`,
    200,
    { 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' },
  );
}

/** The number of a task in an address; 0, which no task has, for anything else. */
export function numberOf(context: Context): number {
  return Number(/^\d{1,9}$/.exec(context.req.param('number') ?? '')?.[0] ?? 0);
}

export function missing(context: Context): Response {
  return context.text('There is no such task, or nothing of it to show yet.', 404);
}
