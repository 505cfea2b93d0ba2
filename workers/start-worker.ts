import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DayBudgets } from '#core/agents/budget.ts';
import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PolicyRule } from '#core/policy/rule.ts';
import { repositoryPlace } from '#core/run/places.ts';
import { isSteerable } from '#core/task/decide-note.ts';
import type { Database } from '#db/database.ts';
import type { Log } from '#db/log.ts';
import { claimRun, fetchRuns, type RunJob, talkForRun } from '#db/runs/claim.ts';
import { type Registration, registerWorker } from '#db/workers/register.ts';
import { canSandbox } from './agents/sandbox/sandbox.ts';
import { startClaimLoop } from './claim-loop.ts';
import { keepLeases } from './heartbeat.ts';
import { holdRuns } from './held-runs.ts';
import { pause } from './pause.ts';
import { createRunPool } from './pool/run-pool.ts';

export interface WorkerOptions {
  readonly db: Database;
  /** Commander's data directory. */
  readonly home: string;
  /** Runs at once. */
  readonly slots: number;
  /** Bytes that all processes of a step or a check may hold together. Default: no limit. */
  readonly memoryBytes?: number;
  /** The coding agents that this machine can start. */
  readonly agents: readonly AgentSpec[];
  /** What agents may do, as the operator says it. */
  readonly policy: readonly PolicyRule[];
  /** What they may use in a day; absent: no limit. */
  readonly budgets?: DayBudgets;
  readonly log: Log;
}

export interface Worker {
  /** Claims nothing more, ends its runs in order (their tasks go back to the queue) and signs off. */
  stop(): Promise<void>;
  /** Kills every process of its runs and waits for nobody else; the supervisor hands the tasks on. */
  stopAtOnce(): Promise<void>;
}

/** What others are told of an agent. */
function namedAgent({ id, name, model, sandbox }: AgentSpec): NamedAgent {
  return {
    id,
    name,
    ...(model === undefined ? {} : { model }),
    ...(sandbox !== 'off' && canSandbox() ? { sandboxed: true } : {}),
  };
}

/** Time between attempts to sign on again after the database was away, in milliseconds. */
const signOnMs = 250;

/** Makes this process a worker: from now on it claims runs and executes them in its threads. */
export async function startWorker({
  db,
  home,
  slots,
  memoryBytes,
  agents,
  policy,
  budgets = { per_person: {}, per_project: {} },
  log,
}: WorkerOptions): Promise<Worker> {
  const ending = new AbortController();
  const pool = createRunPool({ slots });
  const held = holdRuns({ db, pool, log, ending: ending.signal });
  let registration: Registration | undefined = await signOn();
  const loop = startClaimLoop({
    free: () => (registration === undefined ? 0 : slots - held.size),
    fetch: (count) => fetchRuns(db, count),
    begin,
    log,
  });
  const leases = keepLeases(
    {
      heartbeat: async (ids) => registration?.heartbeat(ids),
      held: held.ids,
      onLost: (ids) => held.stop('lost', ids),
      onCancel: (id) => held.stop('cancel', [id]),
      log,
    },
    ending.signal,
  );
  db.listener.onLost(() => void signOnAgain());

  async function signOn(): Promise<Registration> {
    const next = await registerWorker(db, {
      host: hostname(),
      pid: process.pid,
      slots,
      agents: agents.map(namedAgent),
    });
    next.onWork(() => loop.wake());
    next.onStop((runId) => held.stop('cancel', [runId]));
    next.onTalk((runId) => void tellTalk(runId));
    return next;
  }

  async function begin(job: RunJob): Promise<void> {
    if (registration === undefined) return;
    const claimed = await claimRun(db, job, registration);
    if (claimed === undefined) return;
    const project = { ...claimed.project, directory: join(home, repositoryPlace(claimed.project.projectId)) };
    held.start(job, { runId: job.runId, home, ...claimed, project, agents, policy, budgets, memoryBytes }, () =>
      loop.wake(),
    );
    // What was said between the claim and now found no run to tell.
    if (isSteerable(claimed.task)) await tellTalk(job.runId);
    if (claimed.task.cancelRequestedBy !== undefined) held.stop('cancel', [job.runId]);
  }

  async function tellTalk(runId: string): Promise<void> {
    if (!held.ids().includes(runId)) return;
    try {
      held.tell(runId, await talkForRun(db, runId));
    } catch (error) {
      log.warn({ error, runId }, 'what people say to a run could not be read; it hears it with the next words');
    }
  }

  /** Without the connection that holds our lock the others take us for dead: so we are, and come back as somebody new. */
  async function signOnAgain(): Promise<void> {
    const old = registration;
    if (old === undefined) return;
    registration = undefined;
    log.warn({ worker: old.name }, 'the database connection broke: all runs stop, and are resumed when it is back');
    held.stop('lost');
    await held.gone();
    while (!ending.signal.aborted && registration === undefined) {
      try {
        await old.release();
        registration = await signOn();
        loop.wake();
      } catch (error) {
        log.warn({ error }, 'could not sign on again; trying again');
        await pause(signOnMs, ending.signal);
      }
    }
  }

  async function stop(): Promise<void> {
    await loop.end();
    held.stop('shutdown');
    await held.settled();
    ending.abort();
    await leases;
    await registration?.release();
    await pool.close();
  }

  async function stopAtOnce(): Promise<void> {
    ending.abort();
    void loop.end();
    held.stop('lost');
    await held.gone();
    await pool.close();
  }

  return { stop, stopAtOnce };
}
