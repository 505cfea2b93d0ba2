import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { kindOf } from '#core/run/output-kind.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plural } from '#core/text/plural.ts';
import { keptBack } from './kept-back.ts';
import { buttonBlocks, line, listBlock, titleLimit } from './limits.ts';
import { cardFile, useButton } from './output.ts';
import { code, time } from './pieces.ts';
import { taskLink } from './task-list.ts';

/** An output in one row. */
export interface OutputRow {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly version: number;
  readonly madeAt: string;
  readonly task: { readonly number: number; readonly title: string; readonly href?: string };
  readonly project: string;
  readonly requester: string;
}

export interface OutputList {
  readonly title: string;
  readonly rows: readonly OutputRow[];
  /** Those that are not among the rows. */
  readonly more: number;
  /** What to say to see them. */
  readonly next: string;
  /** Where the library shows the same. */
  readonly library: string;
  /** All are of this task: its files themselves are shown, as many as a message carries (`fileLimit`). */
  readonly taskId?: string;
  /** The asker's own that are not shown, because others read where he asks. */
  readonly keptBack?: number;
}

/** Outputs as a list, or, where all are of one task, as its files. */
export function showOutputList(list: OutputList): Card {
  const { rows, more } = list;
  const title = line(list.title, titleLimit);
  const all = rows.length + more;
  return {
    key: 'outputs',
    tone: 'neutral',
    title: [title],
    summary: `${title}: ${all === 0 ? 'none' : plural(all, 'file')}.`,
    blocks: [
      ...(all === 0 ? [{ kind: 'text', text: ['There are none.'] } as const] : []),
      ...(list.taskId === undefined ? rowBlocks(list) : fileBlocks(list)),
      ...keptBack(list.keptBack ?? 0, 'file'),
      ...buttonBlocks([
        ...(list.taskId === undefined || all === 0 ? [] : [useButton(list.taskId)]),
        { label: 'Library', href: list.library },
      ]),
    ],
  };
}

function fileBlocks({ rows, more, next }: OutputList): Card['blocks'] {
  return [
    ...(rows.length === 0 ? [] : [{ kind: 'files', files: rows.map(cardFile) } as const]),
    ...(more === 0 ? [] : [{ kind: 'text', text: [`and ${more} more: `, code(next)] } as const]),
  ];
}

function rowBlocks({ rows, more, next }: OutputList): Card['blocks'] {
  if (rows.length === 0) return [];
  const say: RichText = ['The files of one task come with ', code(`outputs #${rows[0]?.task.number}`), '.'];
  return [listBlock(rows.map(outputItem), { more, next }), { kind: 'context', text: say }];
}

function outputItem({ id, name, mediaType, size, version, madeAt, task, project, requester }: OutputRow): RichText {
  const which = version > 1 ? `, version ${version}` : '';
  return [
    { kind: 'link', text: line(name, 100) || 'A file', href: `/library/${id}` },
    `${which} · ${kindOf(mediaType)}, ${formatBytes(size)} · `,
    taskLink({ number: task.number, threadHref: task.href }),
    ` ${line(task.title, 60)} in ${line(project, 60)}, asked by ${line(requester, 60)} · `,
    time(madeAt),
  ];
}
