import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { Role } from '#core/policy/roles.ts';
import type { StandingRule } from '#core/policy/standing-rule.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { StoredBytes } from '#core/run/stored-file.ts';
import type { AgentChange, PermissionAsked } from './agent-work.ts';
import type { QuestionOption, Told } from './asked.ts';
import type { TaskEvent } from './events.ts';
import type { NoteKind } from './note.ts';
import type { PublishedOutput } from './output.ts';
import type { Person } from './person.ts';
import type { ChangeSummary, CheckResult, RevertManifest, Workspace, WorkspaceStart } from './result.ts';
import type { WithFiles } from './said-files.ts';
import type { Action } from './state.ts';
import type { VerifyCommand } from './understanding.ts';

/** What a person wants of a task. */
export type PersonCommand =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  /** Goes on from the step that failed. */
  | { readonly type: 'retry' }
  /** Goes on from an earlier checkpoint of a task that failed. */
  | { readonly type: 'resume-from'; readonly checkpoint: number }
  /** Everything again, from the project as it is now. */
  | { readonly type: 'restart' }
  /** Another agent goes on with what waits for the limit of its provider. */
  | { readonly type: 'run-elsewhere'; readonly agentId: string }
  /** An agent that gives no sign of life is waited for, the same time again. `seen`: when it would have been stopped (`seenEnd`). */
  | { readonly type: 'wait'; readonly seen: string }
  /** Somebody looked at work whose checks failed, and says what is to be done. */
  | { readonly type: 'review'; readonly note: string }
  /** Somebody is to look at what failed. */
  | { readonly type: 'escalate'; readonly note?: string }
  | { readonly type: 'prioritise'; readonly priority: number }
  /** `hash` is that of the card that the person saw. */
  | { readonly type: 'approve'; readonly approvalId: string }
  | { readonly type: 'deny'; readonly approvalId: string; readonly note?: string }
  | ({ readonly type: 'refine'; readonly approvalId: string } & Refinement)
  | ({ readonly type: 'answer'; readonly questionId: string; readonly answer: string } & WithFiles)
  /** Words for a task that is under way; `noteId` is the id of the message that said them. */
  | ({ readonly type: 'say'; readonly noteId: string; readonly kind: NoteKind; readonly text: string } & WithFiles)
  /** Other words; another `kind`, where they are marked otherwise. */
  | { readonly type: 'change-note'; readonly noteId: string; readonly kind?: NoteKind; readonly text: string }
  | { readonly type: 'drop-note'; readonly noteId: string }
  | { readonly type: 'deliver'; readonly commit: string }
  | {
      readonly type: 'propose-revert';
      readonly revertId: string;
      readonly checkpoint: number;
      readonly head: string;
      readonly manifest: RevertManifest;
    }
  | { readonly type: 'revert'; readonly revertId: string; readonly files?: readonly string[] }
  | { readonly type: 'withdraw-revert'; readonly revertId: string };

export interface Refinement {
  readonly note: string;
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: readonly PlannedStep[];
  readonly verify: readonly VerifyCommand[];
}

/** What the scheduler and the supervisor do with a task. */
export type EngineCommand =
  | { readonly type: 'queue' }
  | {
      readonly type: 'block';
      readonly for: 'dependency' | 'lock';
      readonly reason: string;
      readonly awaited: string;
      /** What happens next; absent: it starts by itself when that is done. */
      readonly next?: string;
    }
  | { readonly type: 'fail-blocked'; readonly reason: string }
  | { readonly type: 'admit'; readonly runId: string }
  | { readonly type: 'claim'; readonly runId: string; readonly worker: string }
  | { readonly type: 'interrupt'; readonly runId: string; readonly reason: string }
  | { readonly type: 'retry-due' }
  /** The agent of another task writes to it. */
  | { readonly type: 'mail'; readonly from: number; readonly text: string }
  /** The time for an answer is over. */
  | { readonly type: 'question-due'; readonly questionId: string }
  | RemindCommand;

/** An approval or a question is brought to mind again, as `told`. */
export interface RemindCommand {
  readonly type: 'remind';
  readonly askedId: string;
  readonly told?: Told;
}

/** What a live run says; refused when the run is no longer the task's live one. */
export interface ReportCommand {
  readonly type: 'report';
  readonly runId: string;
  readonly report: RunReport;
}

/** A checkpoint that a run has made. */
export interface MadeCheckpoint {
  readonly n: number;
  readonly name: string;
  readonly commit: string;
  /** All that the task has changed so far. */
  readonly changes?: ChangeSummary;
  readonly withheld?: Workspace['withheld'];
}

export type RunReport =
  | ({ readonly type: 'workspace-ready' } & WorkspaceStart)
  | { readonly type: 'step-started'; readonly stepId: string }
  /** Its checkpoint comes with it: kept apart, a crash in between would have the step done again on top of its own work. */
  | {
      readonly type: 'step-finished';
      readonly stepId: string;
      readonly checkpoint?: MadeCheckpoint;
      /** Declared outputs that no file matches. */
      readonly missing?: readonly string[];
      /** Files that were not published, each with why. */
      readonly leftOut?: readonly string[];
    }
  | {
      readonly type: 'step-failed';
      readonly stepId: string;
      readonly reason: string;
      readonly transient: boolean;
      readonly quota?: ProviderLimit;
    }
  | { readonly type: 'agent'; readonly stepId: string; readonly change: AgentChange }
  /** The agent gives no sign of life since then; it is stopped `timeMs` from now, unless it moves. */
  | { readonly type: 'agent-quiet'; readonly stepId: string; readonly since: string; readonly timeMs: number }
  | { readonly type: 'agent-moved'; readonly stepId: string }
  /** The run goes on to hold its task, and learns the decision while it waits. `askId` becomes the approval's id. */
  | ({ readonly type: 'asks-permission'; readonly askId: string; readonly title: string } & PermissionRequest)
  | {
      readonly type: 'asks-question';
      readonly askId: string;
      readonly stepId: string;
      readonly text: string;
      readonly options: readonly QuestionOption[];
      readonly needs?: 'decide';
      /** What is taken when nobody answers in time; absent: the agent goes on without an answer. */
      readonly otherwise?: string;
      /** How long it waits (ms), where the agent says so; kept within `answerBounds`. */
      readonly withinMs?: number;
    }
  /** The agent is about to hear what was decided: it counts no further time. */
  | { readonly type: 'decision-heard'; readonly askId: string }
  /** What was asked is no longer wanted. */
  | { readonly type: 'ask-withdrawn'; readonly askId: string }
  /** The run ends in the middle of an agent's step, for a person is awaited; the step goes on with the answer. */
  | { readonly type: 'parked'; readonly stepId: string }
  /** Another agent, or the same with another model, goes on with the step: once to review it, and once at a limit. */
  | ({ readonly type: 'hand-over'; readonly stepId: string } & HandOver)
  /**
   * The agent can not mend failed checks, or gets no further for `stuck`, and a person is named to be asked: the run ends, and goes on
   * with the answer.
   */
  | {
      readonly type: 'review-needed';
      readonly stepId: string;
      readonly person: Person;
      readonly attempts: number;
      readonly stuck?: string;
    }
  /** Checks failed: the agent's step is done again, with what they said. */
  | { readonly type: 'fix-needed'; readonly stepId: string; readonly reason: string }
  | { readonly type: 'actions'; readonly actions: readonly Action[] }
  | ({ readonly type: 'checkpoint' } & MadeCheckpoint)
  | { readonly type: 'output'; readonly output: PublishedOutput }
  | { readonly type: 'verified'; readonly commit: string; readonly checks: readonly CheckResult[] }
  | {
      readonly type: 'needs-approval';
      readonly stepId: string;
      readonly reason: string;
      readonly shown: string;
      readonly whole?: StoredBytes;
      readonly hash: string;
      readonly ruleHash: string;
    }
  /** The run has heard a note and acts on it. */
  | {
      readonly type: 'note-taken';
      readonly noteId: string;
      /** Which of its words were heard (`revisionOf`). */
      readonly revision: number;
      /** To what was asked aside. */
      readonly answer?: string;
    }
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly reason: string }
  /** The process tree is gone after a cancel. */
  | { readonly type: 'stopped' }
  | { readonly type: 'delivered'; readonly result: string }
  | { readonly type: 'delivery-refused'; readonly reason: string }
  | { readonly type: 'reverted'; readonly result: string }
  | { readonly type: 'revert-refused'; readonly reason: string };

/** Who goes on with a step, and why. */
export interface HandOver {
  readonly to: Pick<NamedAgent, 'id' | 'name' | 'model'>;
  readonly reason: string;
  /** What keeps failing. */
  readonly blocker?: string;
  /** The agent is at the limit of its provider; else it gets no further, or its checks stay red. */
  readonly atLimit?: true;
}

/** The limit of an agent's provider: when it is over (ISO 8601), and the other agents that can go on meanwhile. */
export interface ProviderLimit {
  readonly until: string;
  readonly elsewhere: readonly NamedAgent[];
}

export interface PermissionRequest {
  readonly stepId: string;
  readonly reason: string;
  readonly shown: string;
  readonly whole?: StoredBytes;
  readonly hash: string;
  readonly ruleHash: string;
  readonly permission: PermissionAsked;
}

export type TaskCommand = PersonCommand | EngineCommand | ReportCommand;

/** Time, ids and rights: what the pure rules can't know by themselves. */
export interface DecideContext {
  /** ISO 8601, from the database's clock. */
  readonly now: string;
  readonly newId: () => string;
  /** Who commands; absent when Commander itself does. */
  readonly actor?: Person & { readonly role: Role };
  /** The standing rule, holding now, about what a report asks for. */
  readonly rule?: StandingRule;
}

export type Decision =
  | { readonly ok: true; readonly events: readonly TaskEvent[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Why a command changes nothing, in words for the person who gave it. */
export interface Refusal {
  readonly code: 'not_allowed' | 'not_now' | 'already_decided' | 'unknown' | 'stale_run' | 'changed_since';
  readonly message: string;
}
