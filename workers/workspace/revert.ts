import type { RevertManifest } from '#core/task/result.ts';
import { type ChangedFile, changedFiles } from './changes.ts';
import { type Checkpoint, type CheckpointRequest, checkpoint } from './checkpoint.ts';
import { writeCommit } from './commit.ts';
import { gitParts } from './git.ts';
import { readRef, updateRefs } from './refs.ts';
import { restore } from './restore.ts';
import { commitOf } from './source.ts';
import { placeOf, type WorkFolder } from './work-folder.ts';

/** What a revert would do: the words for people (core's manifest) and the files behind them. */
export interface RevertPreview extends RevertManifest {
  /** The files that can be taken back, each for itself. */
  readonly files: readonly ChangedFile[];
  /** What is good to know and no obstacle, in whole sentences. */
  readonly notes: readonly string[];
}

/** Says what going back to a checkpoint would do to work that is not delivered. `from` is the newest checkpoint. */
export async function previewRevert(
  folder: WorkFolder,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<RevertPreview> {
  const { directory } = folder.source;
  const [files, ignored] = await Promise.all([
    changedFiles(directory, commitOf(from), commitOf(to)),
    gitParts(['ls-files', '-z', '-o', '-i', '--directory', '--exclude-standard'], placeOf(folder)),
  ]);
  const nothing = [{ what: 'The files', why: 'they are the same as at that checkpoint' }];
  return {
    verdict: files.length === 0 ? 'not' : 'eligible',
    delivered: false,
    undone: files.map(effectOf),
    cannot: files.length === 0 ? nothing : [],
    files,
    notes:
      ignored.length === 0
        ? []
        : ['Files that .gitignore excludes (installed packages, build output) stay as they are.'],
  };
}

/**
 * Takes undelivered work back to a checkpoint, whole or by file. The result is a checkpoint like any other, so that it can be
 * undone, too. What the folder held and no checkpoint knew is kept under `refs/commander/<number>/<n>-before`.
 */
export async function revert(
  folder: WorkFolder,
  request: CheckpointRequest & { readonly to: string; readonly files?: readonly string[] },
): Promise<Checkpoint> {
  const files = request.files === undefined ? undefined : await bothNames(folder, request.to, request.files);
  const { before } = await restore(folder, request.to, { files });
  await keepBefore(folder, before, request);
  return checkpoint(folder, request);
}

/** The first call counts: repeated after a crash, the folder may be reverted already. */
async function keepBefore(folder: WorkFolder, tree: string, request: CheckpointRequest): Promise<void> {
  const { directory } = folder.source;
  const reference = `refs/commander/${folder.number}/${request.n}-before`;
  if ((await readRef(directory, reference)) !== undefined) return;
  const message = `Before: ${request.message}`;
  const kept = await writeCommit(directory, { tree, parents: [], message, author: request.author });
  await updateRefs(directory, [{ ref: reference, to: kept }]);
}

/** A change back, in a few words. */
export function effectOf(file: ChangedFile): string {
  switch (file.status) {
    case 'added':
      return `${file.path} is put back`;
    case 'deleted':
      return `${file.path} is removed`;
    case 'renamed':
      return `${file.previousPath ?? ''} is ${file.path} again`;
    case 'modified':
      return `${file.path} is changed back`;
  }
}

/** With a renamed file both its names are meant. */
export function withOtherNames(files: readonly ChangedFile[], chosen: readonly string[]): string[] {
  const names = new Set(chosen);
  for (const { path, previousPath } of files) {
    if (previousPath !== undefined && (names.has(path) || names.has(previousPath))) names.add(path).add(previousPath);
  }
  return [...names];
}

async function bothNames({ source, head }: WorkFolder, to: string, chosen: readonly string[]): Promise<string[]> {
  return withOtherNames(await changedFiles(source.directory, head, commitOf(to)), chosen);
}
