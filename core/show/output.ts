import type { Card, CardFile } from '#core/chat/card.ts';
import type { OutputReference, TaskState } from '#core/task/state.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plural } from '#core/text/plural.ts';
import { fileLimit, line } from './limits.ts';
import { bold } from './pieces.ts';

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
    ],
  };
}

/** A produced file as a card shows it; `/outputs/<id>` serves its bytes. */
export function cardFile({
  id,
  name,
  mediaType,
  size,
  version,
}: Omit<OutputReference, 'sha256' | 'at' | 'round'>): CardFile {
  return { outputId: id, name: line(name, 200) || 'file', mediaType, size, version, href: `/outputs/${id}` };
}

function moreCard(state: TaskState, round: number, more: number): Card {
  const href = `/tasks/${state.number}/log`;
  return {
    key: `outputs:${round}`,
    tone: 'neutral',
    title: [bold(plural(more, 'more file')), ' of ', { kind: 'task', number: state.number }],
    summary: `#${state.number} produced ${plural(more, 'more file')}.`,
    blocks: [{ kind: 'text', text: ['They are on the page with the ', { kind: 'link', text: 'details', href }, '.'] }],
  };
}
