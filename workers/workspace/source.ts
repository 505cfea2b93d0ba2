import type { ProjectSource } from '#core/run/run.ts';
import { WorkspaceError } from './errors.ts';

/** What git work needs to know of a project: where its files come from and where Commander's own repository of it lies. */
export type Source = Omit<ProjectSource, 'name'>;

/** The branch of our own repository that holds the states of a plain folder. */
export const folderBranch = 'main';

/** A commit as git writes it: 40 hexadecimal digits. Anything else never reaches a command line. */
export function commitOf(text: string): string {
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  throw new WorkspaceError('unsafe_name', `${JSON.stringify(text.slice(0, 60))} is not a commit.`);
}

/** A branch name that git accepts and that means nothing else on a command line (git-check-ref-format, and no leading dash). */
export function branchOf(name: string): string {
  const refused =
    name === '' ||
    name.length > 200 ||
    /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)/.test(name) ||
    /^[-./]|[./]$|^@$/.test(name);
  if (!refused) return name;
  throw new WorkspaceError(
    'unsafe_name',
    `${JSON.stringify(name.slice(0, 60))} cannot be used as the name of a branch.`,
  );
}
