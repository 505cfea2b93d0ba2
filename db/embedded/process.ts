import { setTimeout as pause } from 'node:timers/promises';

/** A running Postgres server (its first process, the postmaster). */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Resolves, with the reason, when it ended. */
  readonly ended: Promise<string>;
}

/**
 * Ways to end a server, in order, each with the time in ms it gets: an orderly shutdown that does not wait for clients;
 * one like a crash, where Postgres itself gives its processes 5 s; and the hard one, after which they end by themselves.
 */
const farewells = [
  ['SIGINT', 5000],
  ['SIGQUIT', 6000],
  ['SIGKILL', 2000],
] as const;

/** Ends the server and waits until it is gone; data is safe in every case. Never hangs, never throws. */
export async function endServer(server: ServerProcess): Promise<void> {
  // Once it has ended, its process id may be another program's.
  if (await endsWithin(server.ended, 0)) return;
  for (const [signal, patience] of farewells) {
    if (!sendSignal(server.pid, signal)) return;
    if (await endsWithin(server.ended, patience)) return;
  }
}

/** Whether a process with this id exists (a zombie does, too). */
export function isAlive(pid: number): boolean {
  return sendSignal(pid, 0);
}

async function endsWithin(ended: Promise<string>, milliseconds: number): Promise<boolean> {
  const patience = new AbortController();
  const late = pause(milliseconds, false, { signal: patience.signal }).catch(() => false);
  const inTime = await Promise.race([ended.then(() => true), late]);
  patience.abort();
  return inTime;
}

/** False when there is no such process any more. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // EPERM: it is there, but another user's; so not one that we may end.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && signal === 0;
  }
}
