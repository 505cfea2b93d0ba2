import type { Approval, Question, Vote } from './asked.ts';
import type { Mail } from './mail.ts';
import type { Note } from './note.ts';
import type { OutputReference } from './output.ts';
import type { Person } from './person.ts';
import type { ChangeSummary, Checkpoint, Delivery, Revert, Verification, Workspace } from './result.ts';
import type { StepState } from './step-state.ts';
import type { Understanding } from './understanding.ts';

/** Where a task is in its life. A `waiting` task says for what. */
export type TaskStatus = 'backlog' | 'queued' | 'running' | 'waiting' | 'paused' | 'completed' | 'failed' | 'cancelled';

export type WaitingFor = 'approval' | 'answer' | 'dependency' | 'lock' | 'retry' | 'quota';

/** What a run does: the task's own work, or an operation on its result. */
export type RunKind = 'work' | 'deliver' | 'revert';

/** Everything known of one task: a fold of its events, small enough to be one row. */
export interface TaskState {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** The requester's words. */
  readonly request: string;
  readonly requester: Person;
  readonly project: { readonly id: string; readonly name: string };
  readonly runbook: { readonly id: string; readonly name: string };
  readonly understanding: Understanding;
  readonly createdAt: string;
  readonly status: TaskStatus;
  /** Why the status is what it is, since when, and what comes next: shown as it stands. */
  readonly because: Because;
  /** 0 (first) to 100 (last). */
  readonly priority: number;
  /** Numbers of the tasks that must complete first. */
  readonly after: readonly number[];
  /** What the scheduler may start now; absent while there is nothing to start. */
  readonly ready?: RunKind;
  /** 1, and one more for each "run again". */
  readonly round: number;
  readonly steps: readonly StepState[];
  readonly run?: LiveRun;
  /** Runs in a row whose worker died before they got any further; absent: none. */
  readonly deaths?: number;
  /** The checkpoint that the next run puts the files back to before it goes on. */
  readonly resumeFrom?: number;
  readonly workspace?: Workspace;
  readonly approvals: readonly Approval[];
  readonly questions: readonly Question[];
  readonly checkpoints: readonly Checkpoint[];
  readonly outputs: readonly OutputReference[];
  readonly verification?: Verification;
  readonly changes?: ChangeSummary;
  readonly delivery?: Delivery;
  /** Who has said yes to a delivery that others have to say yes to as well, and to which commit. */
  readonly deliveryVotes?: { readonly commit: string; readonly votes: readonly Vote[] };
  readonly reverts: readonly Revert[];
  /** What people said while it was under way: every one that waits, and the newest others (see `noteLimit`). */
  readonly notes: readonly Note[];
  /** What agents of other tasks wrote to it last, oldest first. */
  readonly mail?: readonly Mail[];
  /** Somebody tried to steer what can't be steered, and was told so. */
  readonly notesDeclined?: true;
  /** The newest things that happened, oldest first, at most `recentActionLimit`. */
  readonly actions: readonly Action[];
  readonly pauseRequestedBy?: Person;
  readonly cancelRequestedBy?: Person;
  /** Of the current round. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly failure?: string;
  /** How this round ended before it was retried, oldest first. */
  readonly earlierFailures: readonly EarlierFailure[];
  /** Calls for help, oldest first; at most the last one is open. Absent: none. */
  readonly escalations?: readonly Escalation[];
}

/** A task failed, and a person asked others to look at it. */
export interface Escalation {
  readonly at: string;
  readonly by: Person;
  readonly note: string;
  /** What had failed. */
  readonly reason: string;
  /** Nobody has taken the task up again yet. */
  readonly open?: true;
}

/** An end that a retry reopened. */
interface EarlierFailure {
  readonly at: string;
  readonly reason: string;
  readonly retriedAt: string;
}

/** How many actions are kept: as many as the most detailed status card shows. */
export const recentActionLimit = 12;

export interface Because {
  readonly text: string;
  readonly since: string;
  readonly waitingFor?: WaitingFor;
  /** Who or what is awaited: a name, "#41". */
  readonly awaited?: string;
  /** When it goes on by itself (ISO 8601). */
  readonly until?: string;
  /** What happens next, in words. */
  readonly next?: string;
  /** What a paused task waits for again once it is resumed. */
  readonly behind?: { readonly reason: string; readonly awaited: string; readonly next?: string };
}

/** The one live run. Its id is the fence: a run is claimed once, and what another id writes is refused. */
export interface LiveRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly status: 'admitted' | 'running';
  readonly at: string;
  readonly worker?: string;
}

export interface Action {
  readonly at: string;
  readonly text: string;
  /** A command or file where it is really known. */
  readonly code?: string;
  /** The reason, in the words of who does it: an agent, or the runbook. */
  readonly why?: string;
}
