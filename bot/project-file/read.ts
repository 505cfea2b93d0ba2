import { checkProjectFile } from '#core/project-file/check.ts';
import type { ProjectFile } from '#core/project-file/schema.ts';
import { readChecked } from '#workers/yaml/read-checked.ts';

export type ReadProjectFile =
  | { readonly ok: true; readonly file: ProjectFile }
  /** Every problem with its line and what to write instead, in the order of the file; without the file's name and a full stop. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a `commander.yaml`. */
export function readProjectFile(text: string): ReadProjectFile {
  return readChecked(text, checkProjectFile);
}
