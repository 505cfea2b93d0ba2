/** Where things lie in Commander's data directory: paths relative to it, with `/`. Every process that shares it agrees on them. */

/** The bytes of a file, named by their SHA-256: the same bytes are stored once. */
export function blobPlace(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`not a SHA-256 in hexadecimal: ${JSON.stringify(sha256)}`);
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/** Bytes that are still being written get a name of this beginning, in `blobs`. */
export const unfinishedPrefix = '.unfinished-';

export interface StepAttempt {
  readonly taskNumber: number;
  readonly round: number;
  readonly stepId: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** The log of one attempt at a step. */
export function stepLogPlace({ taskNumber, round, stepId, attempt }: StepAttempt): string {
  return `logs/${taskNumber}/${round}-${fileWord(stepId)}-${attempt}.log`;
}

/** The log of one check of the final commit; `index` counts the checks from 0. */
export function checkLogPlace(taskNumber: number, round: number, index: number): string {
  return `logs/${taskNumber}/${round}-check-${index + 1}.log`;
}

/** Where a defect of Commander itself leaves its trace. */
export function defectLogPlace(taskNumber: number): string {
  return `logs/${taskNumber}/commander.log`;
}

/** The files of one task that live only while it works: what came with the request, what a step wants to publish. */
export function taskFilesPlace(taskNumber: number): string {
  return `runs/${taskNumber}`;
}

/** Commander's own bare repository of a project. */
export function repositoryPlace(projectId: string): string {
  return `repositories/${fileWord(projectId)}.git`;
}

/** The home folder of a project's commands: their caches stay, other projects' and the bot's own keys are elsewhere. */
export function projectHomePlace(projectId: string): string {
  return `homes/${fileWord(projectId)}`;
}

/** The same for what runs in a sandbox: what an agent leaves there must not be obeyed by commands outside. */
export function walledHomePlace(projectId: string): string {
  return `walled-homes/${fileWord(projectId)}`;
}

/** A text as one part of a path. Different texts may become the same: callers pass ids. */
function fileWord(text: string): string {
  const word = text.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  return word === '' ? '-' : word;
}
