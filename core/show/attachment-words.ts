import type { TaskAttachment } from '#core/task/understanding.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { joinWords } from '#core/text/list.ts';
import { line } from './limits.ts';

/** Files that a task was given, by name, with their size and where earlier outputs come from; those that have no room are counted. */
export function attachmentWords(files: readonly TaskAttachment[]): string {
  const names = files.map(({ name, size, from }) => {
    const origin = from === undefined ? '' : `, version ${from.version} of #${from.task}`;
    return `${line(name, 80)} (${formatBytes(size)}${origin})`;
  });
  return joinWords(names, { limit: 5 });
}
