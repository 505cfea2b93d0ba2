import type { FileChange } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';

/** Files that are named to an agent; the rest is counted. */
const mostFiles = 30;
/** Characters of a path: longer ones are cut. */
const longestPath = 200;

const signs: Readonly<Record<FileChange['status'], string>> = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R' };

/**
 * What a task has changed so far, for an agent that takes it over: the newest checkpoint, and its files against where the work began,
 * as `git diff --stat` says it. Files that hold secrets are counted and not named, as in every diff.
 */
export function doneSoFar({
  checkpoints,
  changes,
  workspace,
}: Pick<TaskState, 'checkpoints' | 'changes' | 'workspace'>) {
  const last = checkpoints.at(-1);
  if (last === undefined || changes === undefined || workspace === undefined || last.commit === workspace.base)
    return [];
  const [base, commit] = [short(workspace.base), short(last.commit)];
  const named = changes.files.slice(0, mostFiles).map(({ path, status, added, removed }) => {
    return `> ${signs[status]} ${plainText(path, { singleLine: true, maxLength: longestPath })} | +${added} -${removed}`;
  });
  const left = changes.files.length - named.length + changes.more;
  const total = `${plural(named.length + left, 'file')} changed, +${changes.added} -${changes.removed}`;
  return [
    [
      `It is kept as checkpoint ${last.n}, commit ${commit}. What has changed since ${base} (git diff ${base}):`,
      ...named,
      ...(left === 0 ? [] : [`> … and ${plural(left, 'more file')}`]),
      `> ${total}`,
    ].join('\n'),
  ];
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
