import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { html as diffHtml } from 'diff2html';
import { ColorSchemeType } from 'diff2html/lib/types.js';
import type { Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { themeCss } from '#core/look/theme.ts';
import { blobPlace, checkLogPlace, stepLogPlace } from '#core/run/places.ts';
import { plainText } from '#core/text/sanitise.ts';
import { listProjects } from '#db/projects/projects.ts';
import { outputById, taskByNumber } from '#db/tasks/queries.ts';
import { diff } from '#workers/workspace/diff.ts';
import type { Application } from '../application.ts';
import { sourceOf } from '../project-file/load.ts';
import { pageCss } from './page-css.ts';

/** Of one log on a page, in characters; the whole one is on disk. */
const logShown = 200_000;

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** One column fits a phone; colours follow the reader's own scheme. */
const drawing = {
  outputFormat: 'line-by-line',
  drawFileList: false,
  matching: 'lines',
  colorScheme: ColorSchemeType.AUTO,
} as const;

/** The pages that cards lead to, whatever platform they are shown on: diff, log, outputs. */
export function addPages(app: Hono, application: Application): void {
  app.get('/pages.css', async (context) => {
    const diffCss = await readFile(new URL(import.meta.resolve('diff2html/bundles/css/diff2html.min.css')), 'utf8');
    return context.body(`${themeCss}\n${diffCss}\n${pageCss}`, 200, { 'content-type': 'text/css; charset=utf-8' });
  });
  app.get('/tasks/:number/diff', (context) => diffPage(context, application));
  app.get('/tasks/:number/log', (context) => logPage(context, application));
  app.get('/outputs/:id', (context) => output(context, application));
}

function page(context: Context, title: string, body: unknown): Response | Promise<Response> {
  return context.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} · Commander</title><link rel="icon" href="/assets/client/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/pages.css"></head><body><main><h1>${title}</h1>${body}</main></body></html>`,
    200,
    { 'content-security-policy': policy, 'x-content-type-options': 'nosniff' },
  );
}

function missing(context: Context): Response {
  return context.text('There is no such task, or nothing of it to show yet.', 404);
}

function numberOf(context: Context): number {
  return Number(/^\d{1,9}$/.exec(context.req.param('number') ?? '')?.[0] ?? 0);
}

async function diffPage(context: Context, { db, home }: Application): Promise<Response> {
  const task = await taskByNumber(db, numberOf(context));
  const project = (await listProjects(db)).find((each) => each.projectId === task?.project.id);
  if (task?.workspace === undefined || project === undefined) return missing(context);
  const { base, head } = task.workspace;
  const found = await diff(sourceOf(home, project), base, head);
  const summary = html`<p>${found.files.length} files, <ins>+${found.added}</ins> <del>−${found.removed}</del>, from commit <code>${base.slice(0, 8)}</code> to <code>${head.slice(0, 8)}</code>${found.truncated ? '. Only its beginning is shown.' : ''}</p>`;
  const list = html`<ul>${found.files.map((file) => html`<li><code>${file.path}</code> ${file.status} <ins>+${file.added}</ins> <del>−${file.removed}</del></li>`)}</ul>`;
  // diff2html escapes what it shows; the page's policy allows no script in any case.
  const body = raw(diffHtml(found.patch, drawing));
  return page(context, `Changes of #${task.number} ${task.title}`, html`${summary}${list}${body}`);
}

async function logPage(context: Context, { db, home }: Application): Promise<Response> {
  const task = await taskByNumber(db, numberOf(context));
  if (task === undefined) return missing(context);
  const steps = task.steps.flatMap((step) =>
    Array.from({ length: step.attempts }, (_, index) => ({
      title: `${step.plan.name}${step.attempts > 1 ? `, attempt ${index + 1}` : ''}`,
      place: stepLogPlace({ taskNumber: task.number, round: task.round, stepId: step.plan.id, attempt: index + 1 }),
    })),
  );
  const checks = (task.verification?.checks ?? []).map((check, index) => ({
    title: `Check: ${check.name}`,
    place: checkLogPlace(task.number, task.round, index),
  }));
  const approvals = task.approvals.map(
    ({ stepName, status, shown }) =>
      html`<section><h2>Approval of “${stepName}”: ${status}</h2><pre tabindex="0">${shown}</pre></section>`,
  );
  const sections = await Promise.all(
    [...steps, ...checks].map(async ({ title, place }) => {
      const text = plainText(await readFile(join(home, place), 'utf8').catch(() => 'There is no output.'));
      const cut = text.length > logShown ? `… ${text.length - logShown} characters before this are on disk.\n` : '';
      return html`<section><h2>${title}</h2><pre tabindex="0">${cut}${text.slice(-logShown)}</pre></section>`;
    }),
  );
  return page(context, `Output of #${task.number} ${task.title}`, html`${approvals}${sections}`);
}

async function output(context: Context, { db, home }: Application): Promise<Response> {
  const found = await outputById(db, context.req.param('id') ?? '');
  if (found === undefined) return context.text('There is no such file.', 404);
  const inline = /^(image\/(png|jpeg|gif|webp)|text\/plain)$/.test(found.mediaType);
  const stream = Readable.toWeb(createReadStream(join(home, blobPlace(found.sha256)))) as ReadableStream;
  const name = encodeURIComponent(found.name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return context.body(stream, 200, {
    'content-type': found.mediaType,
    'content-length': String(found.size),
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
}
