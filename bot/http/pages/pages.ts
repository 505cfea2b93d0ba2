import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isRefusedDrawing, refusedDrawing } from '#adapters/web/drawings.ts';
import { isOurHost, isSameHost, strangeHost } from '#adapters/web/guard.ts';
import { themeCss } from '#core/look/theme.ts';
import { fileHeaders } from '#core/run/file-headers.ts';
import type { Application } from '../../application.ts';
import { openOutput } from '../../open-output.ts';
import { diffPage } from './diff-page.ts';
import { inboxCss } from './inbox/inbox-css.ts';
import { answerInInbox, inboxPage } from './inbox/inbox-page.ts';
import { comparePage } from './library/compare-page.ts';
import { libraryCss } from './library/library-css.ts';
import { libraryPage } from './library/list-page.ts';
import { outputPage } from './library/output-page.ts';
import { logDownload, logPage } from './log-page.ts';
import { overviewPage } from './overview-page.ts';
import { pageCss } from './page-css.ts';
import { pageViewer } from './page-viewer.ts';
import { outputAnswer, stateAnswer } from './task-follow.ts';

/** Bytes of an answer: an action, encoded. */
const answerBytes = 4096;

/** The pages that cards lead to, whatever platform they are shown on: diff, log, outputs, the library, the inbox. They answer to our own names only. */
export function addPages(app: Hono, application: Application, allowedHosts: readonly string[]): void {
  for (const ours of ['/tasks/*', '/outputs/*', '/library', '/library/*', '/inbox']) {
    app.use(ours, async (context, next) => {
      const host = context.req.header('host') ?? '';
      if (!isOurHost(host, allowedHosts)) return context.text(strangeHost(host), 403);
      await next();
    });
  }
  const css = `${themeCss}\n${pageCss}\n${libraryCss}\n${inboxCss}`;
  app.get('/pages.css', (context) => context.body(css, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/tasks/:number', (context) => overviewPage(context, application));
  app.get('/tasks/:number/diff', (context) => diffPage(context, application));
  app.get('/tasks/:number/log', (context) => logPage(context, application));
  app.get('/tasks/:number/log.txt', (context) => logDownload(context, application));
  app.get('/tasks/:number/state', (context) => stateAnswer(context, application));
  app.get('/tasks/:number/output', (context) => outputAnswer(context, application));
  app.get('/library', (context) => libraryPage(context, application));
  app.get('/library/:id', (context) => outputPage(context, application));
  app.get('/library/:id/compare/:other', (context) => comparePage(context, application));
  app.get('/inbox', (context) => inboxPage(context, application));
  app.post('/inbox', bodyLimit({ maxSize: answerBytes }), async (context) => {
    const isOurs = isSameHost(context.req.header('origin') ?? '', context.req.header('host') ?? '');
    return isOurs ? answerInInbox(context, application) : context.text('Requests from other sites are refused.', 403);
  });
  app.get('/outputs/:id', (context) => output(context, application));
}

async function output(context: Context, application: Application): Promise<Response> {
  const found = await openOutput(application, context.req.param('id') ?? '', pageViewer(context));
  if (found === undefined) return context.text('There is no such file, or its bytes are no longer kept.', 404);
  if (await isRefusedDrawing(context.req.raw, found, found.open)) return context.text(refusedDrawing, 415);
  const headers = fileHeaders(found, context.req.query('as'));
  return context.body(Readable.toWeb(Readable.from(found.open())) as ReadableStream, 200, headers);
}
