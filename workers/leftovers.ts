import { readdir, readFile } from 'node:fs/promises';
import type { Database } from '#db/database.ts';
import { isId } from '#db/id.ts';
import type { Log } from '#db/log.ts';
import { endedRuns } from '#db/runs/ended.ts';
import { COOKIE_NAME, sweep } from './process/sweep.ts';

/**
 * Kills what runs left behind on this machine whose worker died: where the system has no PID namespaces their processes live on.
 * Runs that somebody still holds are left alone, and so is everything of another installation.
 */
export async function sweepLeftovers(db: Database, log: Log): Promise<void> {
  const runIds = await runsOnThisMachine();
  const ended = runIds.length === 0 ? [] : await endedRuns(db, runIds);
  for (const runId of ended) {
    const killed = await sweep(runId);
    log.warn({ runId, killed }, 'killed processes that a dead worker left behind');
  }
}

/** The ids of all runs that some process of this machine was started for. */
async function runsOnThisMachine(): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const cookies = await Promise.all(pids.map(cookieOf));
  return [...new Set(cookies.filter((cookie) => cookie !== undefined))];
}

async function cookieOf(pid: string): Promise<string | undefined> {
  // A process that has ended or is another user's was not started by us, or is no longer there to end.
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  const prefix = `${COOKIE_NAME}=`;
  const cookie = environment
    .split('\0')
    .find((each) => each.startsWith(prefix))
    ?.slice(prefix.length);
  return cookie !== undefined && isId(cookie) ? cookie : undefined;
}
