import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * What stopped a run, in a sentence for the thread. Errors of Commander's own classes say it themselves (their codes are lower
 * case words); the system's are explained; anything else is a defect, whose trace goes into `logFile` and never into a chat.
 */
export async function explainProblem(error: unknown, logFile: string): Promise<string> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && /^[a-z][a-z_]+$/.test(code)) return error.message;
  const known = systemProblems[code];
  if (known !== undefined) return known;
  await keep(error, logFile);
  return `Commander itself failed here: ${error instanceof Error ? error.message : String(error)}. The details are in the log of this task.`;
}

/** errno(3) */
const systemProblems: Readonly<Record<string, string | undefined>> = {
  ENOSPC: 'The disk of the worker is full. Free some space in the data directory, then press Retry.',
  EDQUOT: 'The disk quota of the worker is used up. Free some space in the data directory, then press Retry.',
  EROFS: 'The data directory of the worker can only be read. Make it writable, then press Retry.',
  EACCES: 'The worker may not use a file that it needs. Check who owns the data directory and the project.',
  EMFILE: 'The worker has too many files open. Run fewer tasks at once, or raise its limit (ulimit -n).',
};

async function keep(error: unknown, logFile: string): Promise<void> {
  try {
    await mkdir(dirname(logFile), { recursive: true });
    await appendFile(logFile, `${error instanceof Error ? error.stack : String(error)}\n`);
  } catch {
    // The sentence in the thread has the message; a log that can't be written must not hide it.
  }
}
