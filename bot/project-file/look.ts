import type { ProjectSource } from '#core/run/run.ts';
import { WorkspaceError } from '#workers/workspace/errors.ts';
import { readFileAt } from '#workers/workspace/read-file.ts';
import { syncSource } from '#workers/workspace/sync.ts';
import { yamlBytes } from '#workers/yaml/parse-yaml.ts';

/** What was seen of a project, or why it can't be used now. */
export type Looked<Seen> = (Seen & { readonly ok: true }) | { readonly ok: false; readonly problem: string };

export interface FileLook {
  readonly source: ProjectSource;
  /** The file's name at the top of the project. */
  readonly name: string;
}

/** A file of a project as it is committed now; `content` is absent when there is none. Runs in a thread of `look-pool.ts`. */
export async function readCommitted({ source, name }: FileLook): Promise<Looked<{ readonly content?: string }>> {
  return unlessUnusable(async () => {
    const { base } = await syncSource(source, { notes: 'skip' });
    const content = await readFileAt(source, base, name, yamlBytes);
    return content === undefined ? {} : { content: content.toString('utf8') };
  });
}

/** What a person should know of a project's state, in whole sentences. Runs in a thread of `look-pool.ts`. */
export async function readNotes(source: ProjectSource): Promise<Looked<{ readonly notes: readonly string[] }>> {
  return unlessUnusable(async () => ({ notes: (await syncSource(source)).notes }));
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
