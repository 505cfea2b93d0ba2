import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { noOtherTasks, type OtherTasks } from '#core/run/other-tasks.ts';
import type { RunInput, RunJournal, StopReason, Talk } from '#core/run/run.ts';
import { sweep } from '../process/sweep.ts';
import type { AskMessage, ControlMessage, ReportMessage } from './messages.ts';

export interface RunPoolOptions {
  /** Runs at once. */
  readonly slots: number;
  /** Module of the thread, with a function `runInThread`. Default: run-thread.ts. */
  readonly threadFile?: string;
}

/** Threads that hold the runs: what goes wrong in one of them ends its runs and nothing else. */
export interface RunPool {
  /** Starts a run; the caller keeps to the number of slots. What it reports goes to `journal`, what it wants of others to `otherTasks`. */
  start(input: RunInput, journal: RunJournal, otherTasks?: OtherTasks): StartedRun;
  /** Ends the threads at once. Runs must have been stopped before. */
  close(): Promise<void>;
}

export interface StartedRun {
  /** Tells the run to stop; it ends its processes, and reports that unless it is lost. A stronger reason may follow. */
  stop(reason: StopReason): void;
  /** Tells the run what people say to it and decide, as it is now. */
  tell(talk: Talk): void;
  /** How the run ended, when nothing of it is left running. Never rejects. */
  readonly ended: Promise<RunEnd>;
}

type RunEnd =
  | { readonly how: 'over' }
  /** It did not come to its own end; the task must be told. */
  | { readonly how: 'broken'; readonly reason: string };

/** Runs of one thread: a thread holds 200 without trouble (measured), but what kills it ends them all. */
const runsPerThread = 8;
const mostThreads = 4;
/** A thread in which nothing runs costs 20 MB and more; starting one takes 0.2 s. */
const idleTimeoutMs = 60_000;
/**
 * Runs read lines and call git; a thread that needs more than this is out of control, and its runs are resumed elsewhere. One
 * very large allocation at the limit aborts the whole process all the same (V8): then the supervisor finds the worker dead.
 */
const heapLimitMb = 256;

/** Starts no thread yet: the first run does. */
export function createRunPool({ slots, threadFile }: RunPoolOptions): RunPool {
  const threads = Math.min(mostThreads, Math.max(1, Math.ceil(slots / runsPerThread)));
  const open = () =>
    new Piscina<unknown, void>({
      filename: threadFile ?? fileURLToPath(new URL('./run-thread.ts', import.meta.url)),
      name: 'runInThread',
      minThreads: 1,
      maxThreads: threads,
      concurrentTasksPerWorker: Math.ceil(slots / threads),
      // With the default a thread sleeps between tasks so deeply that timers of its runs do not fire.
      atomics: 'disabled',
      idleTimeout: idleTimeoutMs,
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb },
    });
  let pool: ReturnType<typeof open> | undefined;
  return {
    start(input, journal, otherTasks = noOtherTasks) {
      pool ??= open();
      return startRun(pool, input, { journal, otherTasks });
    },
    close: async () => pool?.destroy(),
  };
}

interface Partners {
  readonly journal: RunJournal;
  readonly otherTasks: OtherTasks;
}

function startRun(pool: Piscina<unknown, void>, input: RunInput, { journal, otherTasks }: Partners): StartedRun {
  const { port1: ours, port2: theirs } = new MessageChannel();
  let broken: string | undefined;
  const reported = new Set<string>();

  function stop(reason: StopReason): void {
    if (reason === 'lost') broken ??= 'Its worker lost the database';
    send(ours, { type: 'stop', reason });
    // No grace: another attempt may begin elsewhere as soon as the lease is over. The run itself notices and ends.
    if (reason === 'lost') void sweep(input.runId);
  }

  function answer({ ask, request }: AskMessage): void {
    otherTasks(request).then(
      (text) => send(ours, { type: 'answer', ask, text, failed: false }),
      (error: unknown) => send(ours, { type: 'answer', ask, text: wordsOf(error), failed: true }),
    );
  }

  ours.on('message', (message: ReportMessage | AskMessage) => {
    if ('ask' in message) {
      answer(message);
      return;
    }
    const { id, report } = message;
    // From here on we kill its processes: that a step ended by that is our doing and no failure. Its order to stop says the rest.
    if (broken !== undefined) return;
    reported.add(report.type);
    journal.report(report).then(
      (reply) => send(ours, { type: 'reply', id, reply }),
      (error: unknown) => {
        broken ??= `What it did could not be written down (${wordsOf(error)})`;
        stop('lost');
      },
    );
  });

  async function end(): Promise<RunEnd> {
    try {
      // A signal in these options would make the run the only one of its thread: stopping goes over the port.
      await pool.run({ input, port: theirs }, { transferList: [theirs] });
    } catch (error) {
      broken ??= `Its thread died (${wordsOf(error)})`;
    }
    ours.close();
    // A run that only asked has started nothing; looking through all processes costs more than the whole asking.
    const onlyAsked = reported.has('needs-approval') && !reported.has('step-started');
    if (broken !== undefined || !onlyAsked) await sweep(input.runId);
    return broken === undefined ? { how: 'over' } : { how: 'broken', reason: broken };
  }

  return { stop, tell: (talk) => send(ours, { type: 'talk', talk }), ended: end() };
}

function send(port: MessagePort, message: ControlMessage): void {
  port.postMessage(message);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
