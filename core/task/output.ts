import type { StoredFile } from '#core/run/stored-file.ts';

/** A file that a task produced. */
export interface PublishedOutput extends StoredFile {
  readonly id: string;
  /** Of the files of this name in its task; counted from 1. */
  readonly version: number;
}

/** As its task's state keeps it. */
export interface OutputReference extends PublishedOutput {
  readonly at: string;
  readonly round: number;
}

/** Which version of which task's output a file is. */
export interface OutputOrigin {
  readonly outputId: string;
  readonly taskId: string;
  /** Its number. */
  readonly task: number;
  readonly version: number;
}
