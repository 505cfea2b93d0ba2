import { encodeAction } from '#core/chat/button.ts';
import type { Block, Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { TaskState } from '#core/task/state.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { buttonBlocks, line } from './limits.ts';
import { bold, sentence, taskSentence, taskTitle } from './pieces.ts';
import { statusPredicate, statusTitle } from './status-words.ts';

/** What a task put out, as a file. */
export interface LogFile {
  readonly outputId: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes of output that had no room in it. */
  readonly left: number;
}

/** How a task stands, and what the steps and checks of its newest round put out; without a file nothing has run yet. */
export function showLog(state: TaskState, file?: LogFile): Card {
  return {
    key: 'log',
    tone: 'neutral',
    title: taskTitle(state, bold('Log')),
    summary: taskSentence(
      state,
      `${statusPredicate(state)}; ${file === undefined ? 'nothing has run yet' : 'here is its log'}.`,
    ),
    blocks: [
      { kind: 'text', text: standing(state, file !== undefined) },
      ...(file === undefined ? [] : fileBlocks(state, file)),
      ...buttonBlocks([
        ...(file === undefined ? [] : [{ label: 'Details', href: `/tasks/${state.number}/log` }]),
        { label: 'Explain', action: encodeAction({ verb: 'explain', subject: state.id }) },
      ]),
    ],
  };
}

function standing(state: TaskState, hasRun: boolean): RichText {
  const failure = line(state.failure ?? '');
  const log = hasRun ? 'What its steps and checks put out is in the file.' : 'Nothing has run yet.';
  return [...statusTitle(state), failure === '' ? '. ' : `: ${sentence(failure)} `, log];
}

function fileBlocks({ number }: TaskState, { outputId, size, left }: LogFile): readonly Block[] {
  const href = `/tasks/${number}/log.txt`;
  const file = { outputId, name: `log-of-${number}.txt`, mediaType: 'text/plain', size, version: 1, href };
  const cut = `The file has the newest output; ${formatBytes(left)} before that had no room, and are on disk as the file says.`;
  return [{ kind: 'files', files: [file] }, ...(left === 0 ? [] : [{ kind: 'context', text: [cut] } as const])];
}
