import { nothingSpent, plus, type SpentToday, since } from '#core/agents/budget.ts';
import type { JournalReply, RunInput } from '#core/run/run.ts';
import type { AgentSpent } from '#core/task/agent-work.ts';

/** What agents have used today in all tasks, as the database had it last. */
export interface Spending {
  /** What was used today when a step of this run has used `spent` by now, reported or not. */
  today(stepId: string, spent: AgentSpent): SpentToday;
  /** Calls back each time it was read anew, until the returned function is called. */
  onRead(listener: () => void): () => void;
}

/** What a run knows of the day: from its claim, then from each answer to a report of what it has used. */
export interface SpendingFeed extends Spending {
  read(reply: Pick<JournalReply, 'task' | 'spentToday'>): void;
}

export function createSpending({ task, spentToday }: Pick<RunInput, 'task' | 'spentToday'>): SpendingFeed {
  const listeners = new Set<() => void>();
  let newest = { task, spentToday };
  return {
    today(stepId, spent) {
      const counted = newest.task.steps.find(({ plan }) => plan.id === stepId)?.agent?.spent ?? nothingSpent;
      const own = since(spent, counted);
      const { person, project } = newest.spentToday;
      return { person: plus(person, own), project: plus(project, own) };
    },
    onRead(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read(reply) {
      if (reply.spentToday === undefined) return;
      newest = { task: reply.task, spentToday: reply.spentToday };
      for (const listener of [...listeners]) listener();
    },
  };
}
