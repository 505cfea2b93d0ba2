import { rm } from 'node:fs/promises';
import { removeFolder } from './remove-folder.ts';
import { commitOf, type Source } from './source.ts';
import { checkOut } from './work-folder.ts';

export interface VerificationFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A clean folder with exactly the files of a commit, for the checks. What was at `path` before is removed. */
export async function verificationFolder(source: Source, commit: string, path: string): Promise<VerificationFolder> {
  const indexFile = `${path}.index`;
  await checkOut(source, { path, indexFile, commit: commitOf(commit) });
  // The folder has its own copy; the checks are not recorded.
  await rm(indexFile, { force: true });
  return { path, remove: () => removeFolder(path) };
}
