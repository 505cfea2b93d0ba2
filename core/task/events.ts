import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { StoredBytes } from '#core/run/stored-file.ts';
import type { AgentChange, PermissionAsked } from './agent-work.ts';
import type { Question, QuestionLimit, QuestionOption, Told } from './asked.ts';
import type { HandOver } from './commands.ts';
import type { NoteKind } from './note.ts';
import type { PublishedOutput } from './output.ts';
import type { Person } from './person.ts';
import type { ChangeSummary, CheckResult, RevertManifest, Workspace, WorkspaceStart } from './result.ts';
import type { WithFiles } from './said-files.ts';
import type { Action, RunKind } from './state.ts';
import type { Understanding, VerifyCommand } from './understanding.ts';

/** What happened to a task, append-only. `at` and the actor stand in the envelope. */
export type TaskEvent =
  | ({ readonly type: 'task.received' } & TaskReceived)
  | { readonly type: 'task.queued'; readonly reason: string; readonly next?: string }
  | {
      readonly type: 'task.blocked';
      readonly for: 'dependency' | 'lock';
      readonly reason: string;
      readonly awaited: string;
      readonly next?: string;
    }
  | { readonly type: 'task.pause_requested' }
  | { readonly type: 'task.pause_withdrawn' }
  | { readonly type: 'task.paused'; readonly reason: string; readonly next?: string }
  | { readonly type: 'task.cancel_requested' }
  | { readonly type: 'task.cancelled'; readonly reason: string }
  | { readonly type: 'task.failed'; readonly reason: string }
  | { readonly type: 'task.completed' }
  | { readonly type: 'task.retried' }
  /** It failed, and a person asks others for help. */
  | { readonly type: 'task.escalated'; readonly note: string }
  /** It goes on from an earlier checkpoint: the steps after that are to be done again. */
  | { readonly type: 'task.resumed_from'; readonly checkpoint: number }
  | { readonly type: 'task.restarted' }
  | { readonly type: 'task.prioritised'; readonly priority: number }
  | {
      readonly type: 'task.refined';
      readonly note: string;
      readonly inputs: Readonly<Record<string, string>>;
      readonly steps: readonly PlannedStep[];
      readonly verify: readonly VerifyCommand[];
      readonly title: string;
    }
  | { readonly type: 'run.admitted'; readonly runId: string; readonly kind: RunKind }
  | { readonly type: 'run.claimed'; readonly runId: string; readonly worker: string }
  | { readonly type: 'run.parked'; readonly runId: string }
  /** What it waited for in the middle of a step has come. */
  | { readonly type: 'run.continued'; readonly runId: string; readonly reason: string }
  /** `orderly`: its worker ended it and said so. */
  | { readonly type: 'run.interrupted'; readonly runId: string; readonly reason: string; readonly orderly?: true }
  | { readonly type: 'run.ended'; readonly runId: string }
  | ({ readonly type: 'workspace.ready' } & WorkspaceStart)
  | { readonly type: 'step.started'; readonly stepId: string }
  | {
      readonly type: 'step.finished';
      readonly stepId: string;
      readonly missing?: readonly string[];
      readonly leftOut?: readonly string[];
    }
  | { readonly type: 'step.skipped'; readonly stepId: string; readonly reason: string }
  | {
      readonly type: 'step.failed';
      readonly stepId: string;
      readonly reason: string;
      readonly transient: boolean;
      /** When it is tried again; absent: never by itself. */
      readonly retryAt?: string;
      /** The limit of its agent's provider is reached; other agents that can go on. */
      readonly elsewhere?: readonly NamedAgent[];
    }
  /** Checks failed, and the agent that did the step is to mend it. */
  | { readonly type: 'step.reopened'; readonly stepId: string; readonly reason: string; readonly reviewer?: string }
  /** The agent got no further, and a person who was asked says what it is to do; nothing: just try again. */
  | { readonly type: 'step.advised'; readonly stepId: string; readonly by: string; readonly note: string }
  /** Another agent goes on with the step, or the same with another model. */
  | ({ readonly type: 'step.handed_over'; readonly stepId: string } & HandOver)
  | { readonly type: 'agent.reported'; readonly stepId: string; readonly change: AgentChange }
  /** It gives no sign of life; it is stopped then, unless it moves or gets more time. */
  | {
      readonly type: 'agent.quiet';
      readonly stepId: string;
      readonly since: string;
      readonly until: string;
      readonly timeMs: number;
    }
  | { readonly type: 'agent.given_time'; readonly stepId: string; readonly until: string }
  | { readonly type: 'agent.moved'; readonly stepId: string }
  | { readonly type: 'actions.reported'; readonly actions: readonly Action[] }
  | {
      readonly type: 'checkpoint.made';
      readonly n: number;
      readonly name: string;
      readonly commit: string;
      readonly changes?: ChangeSummary;
      readonly withheld?: Workspace['withheld'];
      /** The step whose work it keeps; absent: it is a start, a revert, or work that is not done. */
      readonly stepId?: string;
    }
  | { readonly type: 'output.published'; readonly output: PublishedOutput }
  | { readonly type: 'verification.finished'; readonly commit: string; readonly checks: readonly CheckResult[] }
  | ({ readonly type: 'approval.requested' } & ApprovalRequest)
  | {
      readonly type: 'approval.decided';
      readonly approvalId: string;
      readonly decision: 'approved' | 'denied' | 'refined' | 'withdrawn';
      readonly note?: string;
      readonly rule?: { readonly id: string; readonly madeBy: string; readonly madeAt: string };
    }
  /** One of several people who have to approve did. */
  | { readonly type: 'approval.voted'; readonly approvalId: string }
  | {
      readonly type: 'question.asked';
      readonly questionId: string;
      readonly text: string;
      readonly options: readonly QuestionOption[];
      readonly about: Question['about'];
      readonly needs?: 'decide';
      readonly asks?: Person;
      readonly limit?: QuestionLimit;
    }
  /** What is open was brought to mind again. */
  | { readonly type: 'asked.reminded'; readonly askedId: string; readonly told?: Told }
  /** The agent that asked has heard what was decided. */
  | { readonly type: 'approval.heard'; readonly approvalId: string }
  | { readonly type: 'question.withdrawn'; readonly questionId: string }
  | ({ readonly type: 'question.answered'; readonly questionId: string; readonly answer: string } & WithFiles)
  /** Nobody answered in time: `answer` is taken, where one was stated for it. */
  | { readonly type: 'question.timed_out'; readonly questionId: string; readonly answer?: string }
  /** Nobody could answer in time, for Commander was away: the wait begins anew. */
  | { readonly type: 'question.extended'; readonly questionId: string; readonly until: string }
  | ({
      readonly type: 'note.received';
      readonly noteId: string;
      readonly kind: NoteKind;
      readonly text: string;
    } & WithFiles)
  /** The agent of the task with this number wrote to it. */
  | { readonly type: 'mail.received'; readonly from: number; readonly text: string }
  | { readonly type: 'note.declined' }
  /** `kind`: it is taken for something else now. */
  | { readonly type: 'note.changed'; readonly noteId: string; readonly text: string; readonly kind?: NoteKind }
  | { readonly type: 'note.dropped'; readonly noteId: string; readonly reason?: string }
  /** `request`: the run ended and it is asked as a request of its own. */
  | { readonly type: 'note.taken'; readonly noteId: string; readonly as: 'run' | 'request'; readonly answer?: string }
  /** One of several people who have to say yes did. */
  | { readonly type: 'delivery.voted'; readonly commit: string }
  | { readonly type: 'delivery.requested'; readonly commit: string; readonly branch: string }
  | { readonly type: 'delivery.finished'; readonly result: string }
  /** `unsure`: it was given up, and may have been carried out. */
  | { readonly type: 'delivery.refused'; readonly reason: string; readonly unsure?: true }
  | {
      readonly type: 'revert.proposed';
      readonly revertId: string;
      readonly checkpoint: number;
      readonly head: string;
      readonly manifest: RevertManifest;
    }
  | { readonly type: 'revert.requested'; readonly revertId: string; readonly files?: readonly string[] }
  | { readonly type: 'revert.withdrawn'; readonly revertId: string }
  | { readonly type: 'revert.finished'; readonly revertId: string; readonly result: string }
  | { readonly type: 'revert.refused'; readonly revertId: string; readonly reason: string; readonly unsure?: true };

export interface TaskReceived {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly request: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly runbook: { readonly id: string; readonly name: string };
  readonly understanding: Understanding;
  readonly steps: readonly PlannedStep[];
  readonly priority: number;
  /** Numbers of the tasks that must complete first; all exist. */
  readonly after: readonly number[];
}

export interface ApprovalRequest {
  readonly approvalId: string;
  readonly stepId: string;
  readonly reason: string;
  readonly shown: string;
  readonly whole?: StoredBytes;
  readonly hash: string;
  readonly ruleHash: string;
  /** An agent asks, in the middle of the step. */
  readonly permission?: PermissionAsked & { readonly title: string };
}

/** An event with when and by whom; `actor` is absent when Commander itself did it. */
export interface Recorded<Event = TaskEvent> {
  readonly at: string;
  readonly actor?: Person;
  readonly event: Event;
}
