import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLogPlace, stepLogPlace } from '#core/run/places.ts';
import type { TaskState } from '#core/task/state.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';

/** What one attempt at a step, or one check, put out. */
export interface TaskLog {
  readonly title: string;
  /** Its path within the data directory. */
  readonly place: string;
}

/** The logs of a task's round, in the order of its steps. */
export function logsOf({ number, round, steps, verification }: TaskState): readonly TaskLog[] {
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

/** The end of a log as harmless text of about `limit` bytes, which says what stands before it, and how many bytes the text has and leaves out. */
export async function readLog(home: string, { place }: TaskLog, limit: number) {
  const { text, before } = await endOf(join(home, place), limit).catch(() => ({
    text: 'There is no output.',
    before: 0,
  }));
  const cut = before === 0 ? '' : `… ${formatBytes(before)} before this are on disk, in ${place}.\n`;
  return { text: `${cut}${plainText(text)}`, read: Buffer.byteLength(text), before };
}

/** The end of a file of at most `limit` bytes, from the beginning of a line on, and how many bytes stand before it. */
async function endOf(path: string, limit: number): Promise<{ readonly text: string; readonly before: number }> {
  await using file = await open(path);
  const { size } = await file.stat();
  const start = Math.max(0, size - limit);
  const bytes = Buffer.alloc(Math.min(size, limit));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  const skipped = start === 0 ? 0 : bytes.indexOf(10) + 1;
  return { text: bytes.toString('utf8', skipped, bytesRead), before: start + skipped };
}

/** The whole lines of a file from a byte on, at most `limit` bytes, where they end, and when the file was changed. */
export async function linesFrom(path: string, start: number, limit: number) {
  await using file = await open(path);
  const { mtimeMs } = await file.stat();
  const bytes = Buffer.alloc(limit);
  const { bytesRead } = await file.read(bytes, 0, limit, start);
  const line = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
  // One line that fills all the room is given in pieces.
  const end = line === 0 && bytesRead === limit ? limit : line;
  return { text: bytes.toString('utf8', 0, end), end: start + end, changedAt: mtimeMs };
}
