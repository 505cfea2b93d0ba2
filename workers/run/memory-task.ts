import { randomUUID } from 'node:crypto';
import type { StandingRule } from '#core/policy/standing-rule.ts';
import type { JournalReply, RunJournal } from '#core/run/run.ts';
import type { RunReport, TaskCommand } from '#core/task/commands.ts';
import { decide } from '#core/task/decide.ts';
import type { TaskEvent } from '#core/task/events.ts';
import { evolve } from '#core/task/evolve.ts';
import type { TaskState } from '#core/task/state.ts';
import { journalReply } from '../journal/journal-reply.ts';
import { RunOver } from '../journal/run-over.ts';

/** A task in memory, under the real rules: what the database does with a run's reports, without a database. For tests. */
export interface MemoryTask {
  readonly state: TaskState;
  readonly reports: readonly RunReport[];
  command(command: TaskCommand): void;
  /** Puts the task into another state, which no command would. */
  change(edit: (state: TaskState) => TaskState): void;
  /** Admits and claims what is ready to start; returns the id of the run. */
  claim(): string;
  /** `rules`: what stands as if people had said always. */
  journal(runId: string, rules?: readonly StandingRule[]): RunJournal;
  /** Calls back after each change, until the returned function is called. */
  onChange(listener: () => void): () => void;
  /** The next report of this type is lost, as if the worker had died while it sent it. */
  dropOnce(type: RunReport['type']): void;
  /** Resolves with the first report, from now on, that fits. */
  reported(fits: (report: RunReport) => boolean): Promise<RunReport>;
}

const ana = { memberId: 'member-ana', name: 'ana', role: 'admin' } as const;

export function createMemoryTask(first: TaskEvent): MemoryTask {
  let state = evolve(undefined, { at: now(), actor: ana, event: first });
  const reports: RunReport[] = [];
  const dropped = new Set<RunReport['type']>();
  const watchers = new Set<(report: RunReport) => void>();
  const listeners = new Set<() => void>();

  function apply(command: TaskCommand, rule?: StandingRule): ReturnType<typeof decide> {
    const decision = decide(state, command, { now: now(), newId: randomUUID, actor: ana, rule });
    if (decision.ok) for (const event of decision.events) state = evolve(state, { at: now(), actor: ana, event });
    for (const listener of [...listeners]) listener();
    return decision;
  }

  function command(wanted: TaskCommand): void {
    const decision = apply(wanted);
    if (!decision.ok) throw new Error(`${wanted.type} is refused: ${decision.refusal.message}`);
  }

  return {
    get state() {
      return state;
    },
    reports,
    command,
    change(edit) {
      state = edit(state);
    },
    claim() {
      const runId = randomUUID();
      command({ type: 'admit', runId });
      command({ type: 'claim', runId, worker: 'test' });
      return runId;
    },
    journal: (runId, rules = []) => ({
      async report(report): Promise<JournalReply> {
        if (dropped.delete(report.type)) throw new RunOver('The worker died.');
        const ruleHash = 'ruleHash' in report ? report.ruleHash : undefined;
        const rule = rules.find((each) => each.ruleHash === ruleHash);
        const decision = apply({ type: 'report', runId, report }, rule);
        reports.push(report);
        for (const watcher of watchers) watcher(report);
        return journalReply(runId, decision.ok ? { task: state } : { task: state, refusal: decision.refusal });
      },
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dropOnce: (type) => void dropped.add(type),
    reported(fits) {
      const { promise, resolve } = Promise.withResolvers<RunReport>();
      watchers.add((report) => {
        if (fits(report)) resolve(report);
      });
      return promise;
    },
  };
}

function now(): string {
  return new Date().toISOString();
}
