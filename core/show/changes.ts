import { encodeAction } from '#core/chat/button.ts';
import type { Block, Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { FileChange, Workspace } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { changedStretches } from '#core/task/stretches.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { isTakenBack } from './delivery.ts';
import { buttonBlocks, fileLimit, line, listBlock } from './limits.ts';
import { outsideBlocks } from './outside.ts';
import { bold, code, deliveryPlace, taskSentence, taskTitle } from './pieces.ts';

/** Files that are named; the diff shows all. */
const namedFiles = 5;

/** The diff as a file, for where no page can be reached. */
export interface DiffFile {
  readonly outputId: string;
  /** Bytes. */
  readonly size: number;
}

/** What a task changed: in words, file by file, step by step, and the way to the whole of it. */
export function showChanges(state: TaskState, file?: DiffFile): Card {
  const page = `/tasks/${state.number}/diff`;
  const words = changeWords(state);
  const changed = words !== undefined;
  return {
    key: 'changes',
    tone: 'neutral',
    title: taskTitle(state, bold('Changes')),
    summary: taskSentence(state, changed ? 'changed files.' : 'has changed no file.'),
    blocks: [
      ...(changed ? [{ kind: 'text', text: words } as const] : []),
      ...changeBlocks(state),
      ...(changed ? stepBlocks(state, page) : []),
      ...(changed && file !== undefined ? [fileBlock(state, page, file)] : []),
      ...buttonBlocks([
        ...(changed ? [{ label: 'Diff', href: page }] : []),
        { label: 'Explain', action: encodeAction({ verb: 'explain', subject: state.id }) },
      ]),
    ],
  };
}

function fileBlock({ number }: TaskState, href: string, { outputId, size }: DiffFile): Block {
  const name = `changes-of-${number}.diff`;
  return { kind: 'files', files: [{ outputId, name, mediaType: 'text/x-diff', size, version: 1, href }] };
}

/** Where several steps changed something, each leads to its own part. */
function stepBlocks(state: TaskState, page: string): readonly Block[] {
  const stretches = changedStretches(state);
  if (stretches.length < 2) return [];
  const items = stretches.map(({ n, title, why }): RichText => {
    const name = line(title, 100);
    const because = why === undefined ? [] : [`: ${line(why, 200)}`];
    return [{ kind: 'link', text: name, href: `${page}?checkpoint=${n}` }, ...because];
  });
  return [{ kind: 'text', text: ['By step:'] }, listBlock(items)];
}

/** How many files changed, and which. */
export function changeBlocks(state: TaskState): readonly Block[] {
  const { changes, workspace } = state;
  if (changes === undefined || changes.files.length === 0) {
    return workspace === undefined ? [] : [{ kind: 'text', text: ['No file was changed.'] }];
  }
  const files = changes.files.slice(0, fileLimit).map((file) => ({ ...file, path: line(file.path, 200) }));
  const all = changes.files.length + changes.more;
  const where: RichText = workspace === undefined ? [] : [' on ', code(line(workspace.branch, 100))];
  return [
    { kind: 'text', text: [`${plural(all, 'file')} changed`, ...where, `: +${changes.added} −${changes.removed}.`] },
    { kind: 'changes', files, more: all - files.length },
    ...outsideBlocks(state),
  ];
}

/** What the work changed so far, and where that is, in a sentence or two; nothing when it changed nothing. */
export function changeWords(state: TaskState): RichText | undefined {
  const { changes, workspace } = state;
  if (changes === undefined || workspace === undefined || changes.files.length === 0) return undefined;
  return [`So far the work ${fileWords(changes.files, changes.more)}. `, ...placeOfWork(state, workspace)];
}

/** What the project has of it is known only before a delivery was begun, and after it was done. */
function placeOfWork(state: TaskState, { branch }: Workspace): RichText {
  const { delivery } = state;
  const own = `It is on the branch ${line(branch, 100)} of Commander`;
  if (delivery === undefined) return [`${own}; the project is as it was.`];
  if (delivery.status !== 'delivered') return [`${own}.`];
  const since = isTakenBack(state) ? ', and a revert has changed that since.' : '.';
  return ['It was delivered to ', ...deliveryPlace(state), since];
}

const deeds = { added: 'adds', modified: 'changes', deleted: 'deletes', renamed: 'renames' } as const;

/** What was done with files, the first ones by name: `adds a.txt (+1 −0), b.txt (+3 −0) and changes c.txt (+2 −1)`; `more` were left out. */
export function fileWords(files: readonly FileChange[], more = 0): string {
  const shown = files.slice(0, namedFiles);
  const named = shown.map(({ path, status, added, removed }, index) => {
    const deed = status === shown[index - 1]?.status ? '' : `${deeds[status]} `;
    return `${deed}${line(path, 100)} (+${added} −${removed})`;
  });
  const others = files.length + more - shown.length;
  return joinWords(others === 0 ? named : [...named, `touches ${plural(others, 'more file')}`]);
}
