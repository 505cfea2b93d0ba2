import type { Question } from './asked.ts';
import type { Note } from './note.ts';
import type { TaskState } from './state.ts';
import type { TaskAttachment } from './understanding.ts';

/** Files that one task is given by what is said in its thread: they stay with it as long as it lives. */
const mostFiles = 100;

/** Words that may have brought files. */
export interface WithFiles {
  /** Absent: none. */
  readonly files?: readonly TaskAttachment[];
}

/** The notes and answers that gave files to the work since it began: an agent that takes it over finds them too. */
export function filesHeard({ notes, questions }: TaskState): readonly (Note | Question)[] {
  return [...notes.filter(gaveFiles), ...questions.filter(({ files }) => files !== undefined)];
}

/** Whether a note gave its files to the work itself. */
export function gaveFiles({ kind, status, files }: Note): boolean {
  return kind === 'steer' && status === 'taken' && files !== undefined;
}

/** Why a task takes no more files; `undefined` when it takes these. */
export function tooManyFiles({ number, notes, questions }: TaskState, files: WithFiles['files']): string | undefined {
  if (files === undefined) return undefined;
  const count = [...notes, ...questions].reduce((sum, each) => sum + (each.files?.length ?? 0), files.length);
  return count > mostFiles
    ? `#${number} takes ${mostFiles} files from its thread at most. Put them into the project, or say it without them.`
    : undefined;
}
