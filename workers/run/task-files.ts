import { constants, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blobPlace, projectHomePlace, taskFilesPlace, walledHomePlace } from '#core/run/places.ts';
import type { RunInput } from '#core/run/run.ts';
import { safeFileName } from '../outputs/file-name.ts';

/** Folders that a step's commands are told of. */
export interface TaskFiles {
  /** HOME: one a project, so that its caches stay. */
  readonly home: string;
  /** The same in a sandbox. */
  readonly walledHome: string;
  /** COMMANDER_ATTACHMENTS: the files of the request, by their names. */
  readonly attachments: string;
  /** COMMANDER_OUTPUTS: what is put here is published. Empty at the start of each step. */
  readonly outputs: string;
}

/** Lays out the folders of a task. What the request brought is copied: a command may do with its copy what it likes. */
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
  const taken = new Set<string>();
  for (const attachment of task.understanding.attachments) {
    const name = safeFileName(attachment.name, taken);
    await copyFile(join(home, blobPlace(attachment.sha256)), join(files.attachments, name), constants.COPYFILE_FICLONE);
  }
  return files;
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
