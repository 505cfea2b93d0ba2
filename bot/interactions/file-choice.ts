import { createHash } from 'node:crypto';

/** Characters of an option's value on every platform: Slack's 75 are the fewest. */
const valueLimit = 75;

/** What stands for a file in a form: its path or, when no platform takes one so long, a sign that only this path has. */
export function choiceOf(path: string): string {
  if (path.length <= valueLimit && !path.includes('\n')) return path;
  return `file:${createHash('sha256').update(path).digest('base64url')}`;
}

/** The paths that were chosen of those that were offered; a choice that stands for none of them is left out. */
export function chosenPaths(paths: readonly string[], choices: string): readonly string[] {
  const chosen = new Set(choices.split('\n'));
  return paths.filter((path) => chosen.has(choiceOf(path)));
}
