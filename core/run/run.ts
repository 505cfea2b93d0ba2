import type { DayBudgets, SpentToday } from '#core/agents/budget.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PolicyRule } from '#core/policy/rule.ts';
import type { Approval, Question } from '#core/task/asked.ts';
import type { Refusal, ReportCommand } from '#core/task/commands.ts';
import type { Note } from '#core/task/note.ts';
import type { QuietSpell } from '#core/task/quiet.ts';
import type { TaskState } from '#core/task/state.ts';

/** All that a run needs to know, serialisable: it crosses to a thread. */
export interface RunInput {
  readonly runId: string;
  /** The task as it was when the run was claimed; `task.run.kind` says what to do. */
  readonly task: TaskState;
  readonly project: ProjectSource;
  /** Commander's data directory. */
  readonly home: string;
  /** Bytes that all processes of a step or a check may hold together; absent: no limit. */
  readonly memoryBytes?: number;
  /** The coding agents that this worker can start. */
  readonly agents: readonly AgentSpec[];
  /** What agents may do, as the operator says it. */
  readonly policy: readonly PolicyRule[];
  /** What agents may use in a day, as the operator says it, and what they had when the run was claimed. */
  readonly budgets: DayBudgets;
  readonly spentToday: SpentToday;
}

/** Where a project's files come from. */
export interface ProjectSource {
  readonly projectId: string;
  readonly name: string;
  readonly kind: 'repository' | 'folder' | 'remote';
  /** A path on this machine, or a URL. */
  readonly location: string;
  /** Commander's own bare repository of it. */
  readonly directory: string;
  readonly defaultBranch?: string;
}

/**
 * How a run writes down what it did. Every call returns after the database has committed it.
 * `live: false` means that the run has lost its task (ended, parked, cancelled or taken over): it must stop and write no more.
 */
export interface RunJournal {
  report(report: ReportCommand['report']): Promise<JournalReply>;
}

export interface JournalReply {
  readonly live: boolean;
  readonly task: TaskState;
  readonly refusal?: Refusal;
  /** What all agents have used today, read after a report of what this one has used. */
  readonly spentToday?: SpentToday;
}

/** Why a run is told to stop. */
export type StopReason = 'cancel' | 'shutdown' | 'lost';

/** What people say to a run and decide while it works. */
export interface RunTalk {
  /** As the database has it now. */
  now(): Talk;
  /** Calls back each time it changes, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

export interface Talk {
  /** The notes that wait, oldest first, edits included; `queued` ones wait until the end. Each one taken is reported. */
  readonly notes: readonly Note[];
  readonly approvals: readonly Approval[];
  readonly questions: readonly Question[];
  /** Somebody wants it to pause. */
  readonly pausing: boolean;
  /** It gives no sign of life, as people see it: they may have given it more time. */
  readonly quiet?: QuietSpell;
}
