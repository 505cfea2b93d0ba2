import { constants, copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPlace, projectHomePlace, taskFilesPlace, walledHomePlace } from '#core/run/places.ts';
import type { RunInput } from '#core/run/run.ts';
import { filesHeard, type WithFiles } from '#core/task/said-files.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import { safeFileName } from '../outputs/file-name.ts';

/** Folders that a step's commands are told of. */
export interface TaskFiles {
  /** HOME: one a project, so that its caches stay. */
  readonly home: string;
  /** The same in a sandbox. */
  readonly walledHome: string;
  /** COMMANDER_ATTACHMENTS: the files of the request, by their names, and in a folder for each message those that came later. */
  readonly attachments: string;
  /** COMMANDER_OUTPUTS: what is put here is published. Empty at the start of each step. */
  readonly outputs: string;
}

/** Lays out the folders of a task, with the files that it was given. */
export async function layOutTaskFiles(input: RunInput): Promise<TaskFiles> {
  const { home, task, project } = input;
  const folder = join(home, taskFilesPlace(task.number));
  const files = {
    home: join(home, projectHomePlace(project.projectId)),
    walledHome: join(home, walledHomePlace(project.projectId)),
    attachments: join(folder, 'attachments'),
    outputs: join(folder, 'outputs'),
  };
  await removeTaskFiles(input);
  for (const each of Object.values(files)) await mkdir(each, { recursive: true });
  await layOutAttachments(home, placesOf(task.understanding.attachments, files.attachments));
  for (const said of filesHeard(task)) await layOutAttachments(home, placesOfSaid(said, files));
  return files;
}

/** A file that a task was given, and where its copy lies. */
export interface PlacedFile {
  readonly file: TaskAttachment;
  readonly path: string;
}

/** Where files lie in a folder, by their names. */
export function placesOf(files: readonly TaskAttachment[], folder: string): readonly PlacedFile[] {
  const taken = new Set<string>();
  return files.map((file) => ({ file, path: join(folder, safeFileName(file.name, taken)) }));
}

/** The same of what came with words while the task worked: each message has a folder of its own, so no name changes that was told. */
export function placesOfSaid(
  { id, files = [] }: WithFiles & { readonly id: string },
  { attachments }: Pick<TaskFiles, 'attachments'>,
): readonly PlacedFile[] {
  return placesOf(files, join(attachments, id));
}

/** Copies files to their places: a command may do with its copy what it likes. */
export async function layOutAttachments(home: string, places: readonly PlacedFile[]): Promise<void> {
  for (const { file, path } of places) {
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    await copyFile(join(home, blobPlace(file.sha256)), path, constants.COPYFILE_FICLONE);
  }
}

/** Removes what only lives while a run works; the project's home stays. */
export async function removeTaskFiles({ home, task }: RunInput): Promise<void> {
  await rm(join(home, taskFilesPlace(task.number)), { recursive: true, force: true });
}

/** Makes the outputs folder empty, for the next step. */
export async function emptyOutputs({ outputs }: TaskFiles): Promise<void> {
  await rm(outputs, { recursive: true, force: true });
  await mkdir(outputs, { recursive: true });
}
