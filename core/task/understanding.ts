import type { Deciders } from '#core/policy/deciders.ts';
import type { StoredFile } from '#core/run/stored-file.ts';
import type { OutputOrigin } from './output.ts';

/** What Commander heard and expects, said before it acts. */
export interface Understanding {
  readonly heard: string;
  readonly corrections: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly scope: readonly string[];
  readonly risk: 'low' | 'medium' | 'high';
  readonly riskReason: string;
  /** Another priority than the usual one, and who wants it. */
  readonly priority?: { readonly value: number; readonly from: 'words' | 'runbook' };
  readonly expects: readonly string[];
  readonly verify: readonly VerifyCommand[];
  /** Who decides approvals; absent: anybody whose role allows it, alone. */
  readonly deciders?: Deciders;
  /** How long a question waits for an answer (ms); absent: `usualAnswerMs`. */
  readonly answerWithin?: number | 'never';
  /** Runs of this runbook at once in this project; absent: no limit of its own. */
  readonly concurrency?: number;
  /** Bytes that all processes of a step, an agent or a check may hold together, as the project says it; the installation may say less. */
  readonly memoryBytes?: number;
  /** What people said in the thread before, oldest first: quoted context. */
  readonly earlier?: readonly { readonly from: string; readonly text: string }[];
  /** The files that came with the request, and the earlier outputs that it was given. */
  readonly attachments: readonly TaskAttachment[];
}

/** A file that a task is given. */
export interface TaskAttachment extends StoredFile {
  /** The earlier output that it is; absent: it came with the message. */
  readonly from?: OutputOrigin;
}

/** A check that Commander itself runs on the final commit. */
export interface VerifyCommand {
  readonly name: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
}
