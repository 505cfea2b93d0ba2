import type { Vote } from './asked.ts';
import type { Person } from './person.ts';

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
  /** Marks of the files whose changes are shown nowhere: they hold, or held, a secret that an agent was given. */
  readonly withheld?: readonly string[];
}

export interface Checkpoint {
  readonly n: number;
  readonly name: string;
  readonly commit: string;
  readonly at: string;
  readonly round: number;
  /** The step whose work it keeps; absent: it is a start, a revert, or work that is not done. */
  readonly stepId?: string;
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
  /** Files left out of `files`, for want of room or for the secrets in them. */
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
  /** Refused, for it was given up: it may have been carried out. */
  readonly unsure?: true;
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
  /** Refused, for it was given up: it may have been carried out. */
  readonly unsure?: true;
}

export interface RevertManifest {
  readonly verdict: 'eligible' | 'partly' | 'not';
  /** Whether the work was delivered already, so that a new commit in the project is needed. */
  readonly delivered: boolean;
  readonly undone: readonly string[];
  readonly cannot: readonly { readonly what: string; readonly why: string }[];
}
