import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';

export interface WorkerProcess {
  stop(): Promise<void>;
}

/** A worker that dies at once again and again is started after this time, in milliseconds. */
const restartMs = 500;

/** Longest wait for a worker to end in order, in milliseconds: its runs get 5 s to end, and a little more. */
const stopMs = 8000;

/** Keeps one worker process alive. It is a process of its own, so that no work ever makes the chat wait. */
export async function startWorkerProcess(environment: NodeJS.ProcessEnv, log: Logger): Promise<WorkerProcess> {
  let stopping = false;
  let child: ChildProcess;

  function start(): Promise<void> {
    child = fork(fileURLToPath(new URL('../workers/main.ts', import.meta.url)), {
      env: environment,
      // Commander's terminal is for people; what a worker logs goes where the bot's log goes.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    child.on('exit', (code, signal) => {
      if (stopping) return;
      log.warn({ code, signal }, 'the worker process ended; starting another');
      setTimeout(() => {
        if (!stopping) start().catch((error: unknown) => log.error({ error }, 'the worker can not be started'));
      }, restartMs);
    });
    return new Promise((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`The worker process ended with code ${code} before it was ready.`)),
      );
    });
  }

  await start();
  return {
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await ended;
      clearTimeout(force);
    },
  };
}
