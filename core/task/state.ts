import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { Deciders } from '#core/policy/deciders.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { AgentWork, PermissionAsked } from './agent-work.ts';

/** Where a task is in its life. A `waiting` task says for what. */
export type TaskStatus = 'backlog' | 'queued' | 'running' | 'waiting' | 'paused' | 'completed' | 'failed' | 'cancelled';

export type WaitingFor = 'approval' | 'answer' | 'dependency' | 'lock' | 'retry' | 'quota';

/** What a run does: the task's own work, or an operation on its result. */
export type RunKind = 'work' | 'deliver' | 'revert';

/** A member as events record it: the name is the one at that time. */
export interface Person {
  readonly memberId: string;
  readonly name: string;
}

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

/** Notes that may wait at once, and settled ones that are kept. */
export const noteLimit = 20;

/** `steer` changes what the run does now, `queued` waits for its end, `aside` is answered without changing anything. */
export type NoteKind = 'steer' | 'queued' | 'aside';

/** Something that a person said to a task that is under way. */
export interface Note {
  readonly id: string;
  readonly kind: NoteKind;
  readonly text: string;
  readonly by: Person;
  readonly at: string;
  /** `taken`: a run has it, or (queued) it became a request of its own. `dropped`: taken back, or the task ended before. */
  readonly status: 'waiting' | 'taken' | 'dropped';
  readonly settledAt?: string;
  /** To what was asked aside. */
  readonly answer?: string;
  /** Why it was dropped without its author's doing. */
  readonly reason?: string;
}

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
}

/** What Commander heard and expects, said before it acts. */
export interface Understanding {
  readonly heard: string;
  readonly corrections: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly scope: readonly string[];
  readonly risk: 'low' | 'medium' | 'high';
  readonly riskReason: string;
  readonly expects: readonly string[];
  readonly verify: readonly VerifyCommand[];
  /** Who decides approvals; absent: anybody whose role allows it, alone. */
  readonly deciders?: Deciders;
  /** How long a question waits for an answer (ms); absent: `usualAnswerMs`. */
  readonly answerWithin?: number | 'never';
  /** Runs of this runbook at once in this project; absent: no limit of its own. */
  readonly concurrency?: number;
  /** What people said in the thread before, oldest first: quoted context. */
  readonly earlier?: readonly { readonly from: string; readonly text: string }[];
  /** The files that came with the request, and the earlier outputs that it was given. */
  readonly attachments: readonly TaskAttachment[];
}

export interface TaskAttachment {
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, hexadecimal; the blob store's name for it. */
  readonly sha256: string;
  /** The earlier output that it is; absent: it came with the message. */
  readonly from?: OutputOrigin;
}

/** Which version of which task's output a file is. */
export interface OutputOrigin {
  readonly outputId: string;
  readonly taskId: string;
  /** Its number. */
  readonly task: number;
  readonly version: number;
}

/** A check that Commander itself runs on the final commit. */
export interface VerifyCommand {
  readonly name: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
}

export type StepStatus = 'pending' | 'running' | 'waiting' | 'done' | 'failed' | 'skipped';

export interface StepState {
  readonly plan: PlannedStep;
  readonly status: StepStatus;
  /** How often it was started. */
  readonly attempts: number;
  /** Failures of this step that were followed by a retry, plus the last one. */
  readonly failures: readonly StepFailure[];
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly retryAt?: string;
  /** At the limit of its agent's provider: the other agents that can go on with it. */
  readonly elsewhere?: readonly NamedAgent[];
  /** Of a step that a coding agent does, once it has begun. */
  readonly agent?: AgentWork;
}

export interface StepFailure {
  readonly at: string;
  readonly attempt: number;
  readonly reason: string;
  readonly transient: boolean;
  /** Its agent's provider gives no more for now: no attempt that counts. */
  readonly quota?: true;
}

/** The one live run. Its id is the fence: a run is claimed once, and what another id writes is refused. */
export interface LiveRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly status: 'admitted' | 'running';
  readonly at: string;
  readonly worker?: string;
}

/** Where the work of a task began. */
export interface WorkspaceStart {
  readonly branch: string;
  readonly baseBranch: string;
  /** The commit that the work started from. */
  readonly base: string;
  /** The project is a plain folder: its branch is one of Commander's own, which nobody has heard of. */
  readonly ofFolder?: true;
}

export interface Workspace extends WorkspaceStart {
  /** The newest checkpoint's commit. */
  readonly head: string;
}

export type ApprovalStatus = 'open' | 'approved' | 'denied' | 'refined' | 'withdrawn';

/** A person's decision about exactly what was shown: `hash` binds the two. */
export interface Approval {
  readonly id: string;
  readonly stepId: string;
  /** Of the step, or of what an agent wants to do in it. */
  readonly stepName: string;
  readonly reason: string;
  /** The exact action in words that a person can read: the command with its arguments and environment. */
  readonly shown: string;
  /** The same as a file, where it is too long for a card: then `shown` is its beginning. */
  readonly whole?: WholeText;
  /** SHA-256 of the canonical action including the commit it starts from, hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the step's declaration without inputs: what an "always" rule is about. */
  readonly ruleHash: string;
  readonly status: ApprovalStatus;
  readonly askedAt: string;
  /** Who has approved so far, where more than one person has to. */
  readonly votes?: readonly Vote[];
  readonly decidedAt?: string;
  readonly decidedBy?: Person;
  readonly note?: string;
  /** Set when a standing rule decided. */
  readonly rule?: { readonly id: string; readonly madeBy: string; readonly madeAt: string };
  /** Asked by an agent in the middle of its step: denied, it goes on without. */
  readonly permission?: PermissionAsked;
  /** How often it was brought to mind, and when last. */
  readonly reminders?: Reminders;
  /** The agent that asked has heard the decision. Until then the next run finds it by its hash, should this one end. */
  readonly heard?: true;
}

/** A text that is kept as a file. */
export interface WholeText {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** One person's yes. */
export interface Vote {
  readonly by: Person;
  readonly at: string;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly options: readonly QuestionOption[];
  readonly status: 'open' | 'answered' | 'timed-out' | 'withdrawn';
  readonly askedAt: string;
  /** Until when an answer is waited for, and what happens then; absent: for ever. */
  readonly limit?: QuestionLimit;
  /** How often it was brought to mind, and when last. */
  readonly reminders?: Reminders;
  /** When it was answered, or timed out. */
  readonly answeredAt?: string;
  readonly answeredBy?: Person;
  /** What was answered; of one that timed out, what was taken instead, if anything. */
  readonly answer?: string;
  /** What the answer decides: whether a step that may have run half is done again; or an agent wants to know. */
  readonly about: { readonly kind: 'unsafe-step' | 'agent' | 'review'; readonly stepId: string };
  /** Who is asked by name; absent: whoever has to do with the task. */
  readonly asks?: Person;
  /** Only who may approve answers it. */
  readonly needs?: 'decide';
}

/** The end of the wait for an answer, known when it is asked. */
export interface QuestionLimit {
  /** ISO 8601. */
  readonly until: string;
  readonly otherwise: Otherwise;
  /** When the wait began anew, because nobody could have answered before: Commander was away. */
  readonly extendedAt?: string;
}

/** What happens when nobody answers in time: an answer is taken, its agent goes on without one, or the task is paused. */
export type Otherwise =
  | { readonly kind: 'answer'; readonly answer: string }
  | { readonly kind: 'without' }
  | { readonly kind: 'pause' };

/** That something open was brought to mind. */
export interface Reminders {
  readonly count: number;
  readonly lastAt: string;
}

export interface QuestionOption {
  readonly value: string;
  readonly label: string;
}

export interface Checkpoint {
  readonly n: number;
  readonly name: string;
  readonly commit: string;
  readonly at: string;
  readonly round: number;
  /** The step whose work it keeps; absent: it is a start, or a revert. */
  readonly stepId?: string;
}

export interface OutputReference {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly version: number;
  readonly at: string;
  readonly round: number;
}

export interface Verification {
  /** The commit that was checked; the result belongs to it alone. */
  readonly commit: string;
  readonly checks: readonly CheckResult[];
  readonly at: string;
}

export interface CheckResult {
  readonly name: string;
  readonly command: string;
  readonly passed: boolean;
  readonly reason: string;
  readonly durationMs: number;
}

export interface ChangeSummary {
  readonly files: readonly FileChange[];
  readonly added: number;
  readonly removed: number;
  /** Files left out of `files`. */
  readonly more: number;
  /** Those that lie outside of what the task was to work on: some of their paths, and how many there are. */
  readonly outside?: { readonly paths: readonly string[]; readonly count: number };
}

export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly added: number;
  readonly removed: number;
}

export interface Delivery {
  readonly status: 'requested' | 'delivered' | 'refused';
  readonly by: Person;
  readonly at: string;
  /** The commit that was shown when delivery was approved. */
  readonly commit: string;
  /** The commit that delivery made in the project. */
  readonly result?: string;
  readonly branch: string;
  readonly reason?: string;
  /** Who said yes before, where several have to. */
  readonly votes?: readonly Vote[];
}

/** Taking work back: stated first, then carried out, itself a checkpoint that can be reverted. */
export interface Revert {
  readonly id: string;
  readonly checkpoint: number;
  readonly checkpointName: string;
  readonly by: Person;
  readonly at: string;
  readonly status: 'proposed' | 'requested' | 'done' | 'refused' | 'withdrawn';
  /** The commit that the statement was made about. */
  readonly head: string;
  readonly manifest: RevertManifest;
  readonly files?: readonly string[];
  readonly result?: string;
  readonly reason?: string;
}

export interface RevertManifest {
  readonly verdict: 'eligible' | 'partly' | 'not';
  /** Whether the work was delivered already, so that a new commit in the project is needed. */
  readonly delivered: boolean;
  readonly undone: readonly string[];
  readonly cannot: readonly { readonly what: string; readonly why: string }[];
}

export interface Action {
  readonly at: string;
  readonly text: string;
  /** A command or file where it is really known. */
  readonly code?: string;
}
