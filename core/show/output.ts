import { encodeAction } from '#core/chat/button.ts';
import type { Button, Card, CardFile } from '#core/chat/card.ts';
import type { OutputOrigin, OutputReference, PublishedOutput } from '#core/task/output.ts';
import type { TaskState } from '#core/task/state.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { buttonBlocks, fileLimit, line } from './limits.ts';
import { bold, code } from './pieces.ts';

/** The produced files of each round, one card a file; those beyond the limit share one card. */
export function showOutputs(state: TaskState): readonly Card[] {
  const rounds = [...new Set(state.outputs.map((output) => output.round))];
  return rounds.flatMap((round) => showRound(state, round));
}

function showRound(state: TaskState, round: number): readonly Card[] {
  const outputs = state.outputs.filter((output) => output.round === round);
  const cards = outputs.slice(0, fileLimit).map((output) => showOutput(state, output));
  const more = outputs.length - cards.length;
  return more === 0 ? cards : [...cards, moreCard(state, round, more)];
}

function showOutput(state: TaskState, output: OutputReference): Card {
  const name = line(output.name, 100) || 'A file';
  const version = output.version > 1 ? `, version ${output.version}` : '';
  const newest = state.outputs.findLast((each) => each.name === output.name)?.version ?? output.version;
  return {
    key: `output:${output.id}`,
    tone: 'neutral',
    title: [bold(name), `${version} of `, { kind: 'task', number: state.number }],
    summary: `#${state.number} produced ${name}${version} (${formatBytes(output.size)}).`,
    blocks: [
      { kind: 'files', files: [cardFile(output)] },
      ...(newest > output.version
        ? [{ kind: 'context', text: [`There is a newer one: version ${newest}.`] } as const]
        : []),
      ...buttonBlocks([useButton(state.id, output.id)]),
    ],
  };
}

/** Gives outputs of a task to a new one: the one that is named is chosen already, else all are. */
export function useButton(taskId: string, outputId?: string): Button {
  return { label: 'Use in a new task…', action: encodeAction({ verb: 'use', subject: taskId, choice: outputId }) };
}

/** Asks what to do with earlier outputs, where a message only names them. */
export function showUse(origins: readonly [OutputOrigin, ...OutputOrigin[]], names: readonly string[]): Card {
  const [{ taskId, task, outputId }, ...others] = origins;
  const what = joinWords(
    names.map((name) => line(name, 60)),
    { limit: 3 },
  );
  return {
    key: 'use',
    tone: 'waiting',
    title: [`What should be done with ${what}?`],
    summary: `What should be done with ${what}?`,
    blocks: [
      {
        kind: 'text',
        text: [
          'Say it in the same message, for example: ',
          code(`summarise ${what} of #${task}`),
          '. Nothing was started.',
        ],
      },
      ...buttonBlocks([useButton(taskId, others.length === 0 ? outputId : undefined)]),
    ],
  };
}

/** A produced file as a card shows it; `/outputs/<id>` serves its bytes. */
export function cardFile({ id, name, mediaType, size, version }: Omit<PublishedOutput, 'sha256'>): CardFile {
  return { outputId: id, name: line(name, 200) || 'file', mediaType, size, version, href: `/outputs/${id}` };
}

function moreCard(state: TaskState, round: number, more: number): Card {
  const href = `/library?task=${state.number}`;
  return {
    key: `outputs:${round}`,
    tone: 'neutral',
    title: [bold(plural(more, 'more file')), ' of ', { kind: 'task', number: state.number }],
    summary: `#${state.number} produced ${plural(more, 'more file')}.`,
    blocks: [
      {
        kind: 'text',
        text: [
          'They are in the ',
          { kind: 'link', text: 'library', href },
          '; ',
          code(`outputs #${state.number}`),
          ' lists the newest ones here.',
        ],
      },
    ],
  };
}
