import { setTimeout as delay } from 'node:timers/promises';
import type { RunJournal } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { spentToday } from '#db/agents/usage.ts';
import type { Database } from '#db/database.ts';
import type { RunJob } from '#db/runs/claim.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { journalReply } from './journal-reply.ts';

/** Postgres rolled the transaction back because of another one, so it is safe to do again: serialization failure, deadlock. */
const rolledBack = new Set(['40001', '40P01']);
const mostAttempts = 5;
const pauseMs = 20;

/** The journal of a run that is written into the database. Rejects when it can't be: then nobody knows what was written. */
export function taskJournal(db: Database, { runId, taskId }: RunJob): RunJournal {
  return {
    async report(report) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const outcome = await commandTask(db, taskId, { type: 'report', runId, report });
          if (!outcome.ok) return journalReply(runId, { task: outcome.state, refusal: outcome.refusal });
          const reply = journalReply(runId, { task: outcome.state });
          // After the commit: of two that report at once the later one sees both.
          return saysUse(report) ? { ...reply, spentToday: await spentToday(db.kysely, outcome.state) } : reply;
        } catch (error) {
          if (attempt === mostAttempts || !rolledBack.has(codeOf(error))) throw error;
          await delay(pauseMs * attempt);
        }
      }
    },
  };
}

function saysUse(report: RunReport): boolean {
  return report.type === 'agent' && report.change.spent !== undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
