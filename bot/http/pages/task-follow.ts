import { join } from 'node:path';
import type { Context } from 'hono';
import { plainOf } from '#core/chat/inline.ts';
import { explain } from '#core/show/explain.ts';
import { isFinal } from '#core/task/parts.ts';
import { plainText } from '#core/text/sanitise.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../../application.ts';
import { presentedWorld } from '../../show-world.ts';
import { linesFrom, logsOf } from '../../task-logs.ts';
import { outputHeaders } from './output-headers.ts';
import { missing, numberOf } from './page.ts';
import { pageViewer } from './page-viewer.ts';

/** Bytes of output that one answer has; what is left comes with the next. */
const outputLimit = 256 * 1024;

/** How a task stands, for a program that follows it: its status, and why, in words. */
export async function stateAnswer(context: Context, application: Application): Promise<Response> {
  const task = await taskByNumber(application.db, numberOf(context), pageViewer(context));
  if (task === undefined) return missing(context);
  const words = explain(task, await presentedWorld(application, task))
    .slice(0, 3)
    .map(plainOf);
  return context.json({ number: task.number, status: task.status, ended: isFinal(task), words });
}

/**
 * What a task's steps and checks put out, as plain text: from the cursor `after` of an earlier answer on, of those alone that put
 * something out since the moment `since`.
 */
export async function outputAnswer(context: Context, { db, home }: Application): Promise<Response> {
  const task = await taskByNumber(db, numberOf(context), pageViewer(context));
  if (task === undefined) return missing(context);
  const since = Date.parse(context.req.query('since') ?? '') || 0;
  const [round = 0, done = 0, bytes = 0] = (context.req.query('after') ?? '')
    .split('.')
    .map((part) => Number(part) || 0);
  const here = round === task.round;
  let cursor = { log: here ? done : 0, bytes: here ? bytes : 0 };
  let text = '';
  for (const [index, { title, place }] of logsOf(task).entries()) {
    if (index < cursor.log || text.length >= outputLimit) continue;
    const start = index === cursor.log ? cursor.bytes : 0;
    const lines = await linesFrom(join(home, place), start, outputLimit).catch(() => undefined);
    if (lines === undefined || lines.text === '' || (start === 0 && lines.changedAt < since)) continue;
    const heading = start === 0 ? `== ${plainText(title, { singleLine: true })} ==\n` : '';
    text += heading + plainText(lines.text);
    cursor = { log: index, bytes: lines.end };
  }
  return context.text(text, 200, {
    [outputHeaders.cursor]: `${task.round}.${cursor.log}.${cursor.bytes}`,
    [outputHeaders.status]: task.status,
  });
}
