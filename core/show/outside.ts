import type { Block } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { line } from './limits.ts';
import { bold, code } from './pieces.ts';

/** Paths that a sentence names. */
const pathsNamed = 5;

/** What was changed outside of what the task was to work on; nothing where nothing was. */
export function outsideBlocks({ changes, understanding }: TaskState): readonly Block[] {
  const outside = changes?.outside;
  if (outside === undefined) return [];
  const { count, paths } = outside;
  const text: RichText = [
    bold(`${plural(count, 'file')} outside of what this was to work on`),
    ' (',
    ...listed(understanding.scope, understanding.scope.length),
    '): ',
    ...listed(paths, count),
    '. Look at them before you deliver.',
  ];
  return [{ kind: 'text', text }];
}

/** The same before a delivery, as plain text. */
export function outsideWarning({ changes }: TaskState): string {
  const outside = changes?.outside;
  if (outside === undefined) return '';
  const [first = ''] = outside.paths;
  const more = outside.count > 1 ? ` and ${outside.count - 1} more` : '';
  return `Outside of what this was to work on: ${line(first, 60)}${more}. `;
}

function listed(paths: readonly string[], count: number): RichText {
  const shown = paths.slice(0, pathsNamed);
  const named = shown.flatMap((path, index) => [...(index === 0 ? [] : [', ']), code(line(path, 100))]);
  return count > shown.length ? [...named, ` and ${count - shown.length} more`] : named;
}
