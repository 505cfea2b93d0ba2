import type { ProjectSource } from '#core/run/run.ts';
import { WorkspaceError } from '#workers/workspace/errors.ts';
import { linksAt } from '#workers/workspace/links-at.ts';
import { readFileAt } from '#workers/workspace/read-file.ts';
import { syncSource } from '#workers/workspace/sync.ts';
import { yamlBytes } from '#workers/yaml/parse-yaml.ts';

/** What was seen of a project, or why it can't be used now. */
export type Looked<Seen> = (Seen & { readonly ok: true }) | { readonly ok: false; readonly problem: string };

export interface FileLook {
  readonly source: ProjectSource;
  /** The file's name at the top of the project. */
  readonly name: string;
  /** The commit of which the file is known already. */
  readonly known?: string;
}

/** A file of a project as it is committed now. */
export interface CommittedFile {
  readonly commit: string;
  /** Absent when there is none, and when the commit is the known one. */
  readonly content?: string;
  /** What a person should know of the project's state, in whole sentences; absent where that takes a look of its own. */
  readonly notes?: readonly string[];
}

/** Runs in a thread of `look-pool.ts`. */
export async function readCommitted({ source, name, known }: FileLook): Promise<Looked<CommittedFile>> {
  return unlessUnusable(async () => {
    const { base, notes } = await syncSource(source, { notes: 'skip' });
    const seen = { commit: base, ...(source.kind === 'repository' ? {} : { notes }) };
    if (base === known) return seen;
    const content = await readFileAt(source, base, name, yamlBytes);
    return content === undefined ? seen : { ...seen, content: content.toString('utf8') };
  });
}

/** What a person should know of a project's state, in whole sentences. Runs in a thread of `look-pool.ts`. */
export async function readNotes(source: ProjectSource): Promise<Looked<{ readonly notes: readonly string[] }>> {
  return unlessUnusable(async () => ({ notes: (await syncSource(source)).notes }));
}

export interface LinkLook {
  readonly source: ProjectSource;
  /** Paths of files or folders, from the project's top. */
  readonly paths: readonly string[];
}

/** Which of these paths, or of the folders on the way to them, are links as they are committed now. Runs in a thread of `look-pool.ts`. */
export async function readLinks({ source, paths }: LinkLook): Promise<Looked<{ readonly links: readonly string[] }>> {
  return unlessUnusable(async () => {
    const { base } = await syncSource(source, { notes: 'skip' });
    return { links: await linksAt(source, base, paths) };
  });
}

/** Classes of errors do not pass from thread to thread: what is wrong with a project does, in words. */
async function unlessUnusable<Seen extends object>(look: () => Promise<Seen>): Promise<Looked<Seen>> {
  try {
    return { ok: true, ...(await look()) };
  } catch (error) {
    if (error instanceof WorkspaceError) return { ok: false, problem: error.message };
    throw error;
  }
}
