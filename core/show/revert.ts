import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card, Tone } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Revert } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { buttonBlocks, line } from './limits.ts';
import { bold, code, commit, quoted, sentence, taskTitle, time } from './pieces.ts';
import { isBusy } from './task-buttons.ts';

const listLimit = 10;

/** The honest statement of what a revert can and can't restore, with the choice; then what came of it. */
export function showRevert(state: TaskState, revert: Revert): Card {
  return {
    key: `revert:${revert.id}`,
    tone: tones[revert.status],
    title: taskTitle(state, bold(revert.unsure ? 'Not known to be reverted' : titles[revert.status])),
    summary: `#${state.number}: ${revert.unsure ? 'it is not known whether it went back to' : summaries[revert.status]} ${quoted(revert.checkpointName)}.`,
    blocks: [
      { kind: 'text', text: outcome(state, revert) },
      ...manifestBlocks(state, revert),
      ...buttonBlocks(revert.status === 'proposed' ? choices(state, revert) : []),
    ],
  };
}

const tones: Readonly<Record<Revert['status'], Tone>> = {
  proposed: 'waiting',
  requested: 'progress',
  done: 'success',
  refused: 'warning',
  withdrawn: 'neutral',
};

const titles: Readonly<Record<Revert['status'], string>> = {
  proposed: 'Revert?',
  requested: 'Reverting',
  done: 'Reverted',
  refused: 'Not reverted',
  withdrawn: 'Kept as it is',
};

const summaries: Readonly<Record<Revert['status'], string>> = {
  proposed: 'please choose what to revert, back to',
  requested: 'going back to',
  done: 'it is back at',
  refused: 'it did not go back to',
  withdrawn: 'everything is kept; it did not go back to',
};

function outcome(state: TaskState, revert: Revert): RichText {
  const to = quoted(revert.checkpointName);
  const by = line(revert.by.name, 60);
  switch (revert.status) {
    case 'proposed':
      return [`${by} asks to go back to ${to}. ${proposalWords(state, revert)}`];
    case 'requested':
      return [`Going back to ${to}${chosen(revert)}, since `, time(revert.at), '.'];
    case 'done':
      return done(state, revert);
    case 'refused':
      return [
        `${revert.unsure ? 'It is not known whether it went' : 'It did not go'} back to ${to}: ${sentence(line(revert.reason ?? 'the reason is not known'))}`,
      ];
    case 'withdrawn':
      return [`Everything is kept as it is; it did not go back to ${to}.`];
  }
}

const verdicts = {
  eligible: 'All of it can be restored.',
  partly: 'Some of it can be restored, some of it can not.',
  not: 'None of it can be restored.',
} as const;

function proposalWords(state: TaskState, revert: Revert): string {
  if (isOutdated(state, revert)) return 'The work has changed since this was stated; please ask for the revert again.';
  if (isBusy(state)) return 'Something else is being done with the work right now; it can be chosen when that is over.';
  return `${verdicts[revert.manifest.verdict]} Nothing has changed yet.`;
}

/** Whether the statement is no longer about the work as it is: the same conditions as the rule that decides it. */
function isOutdated({ workspace, delivery }: TaskState, { head, manifest }: Revert): boolean {
  return head !== workspace?.head || (!manifest.delivered && delivery?.status === 'delivered');
}

/** A revert that became a checkpoint can be taken back like any other; said only when there is one. */
function done(state: TaskState, revert: Revert): RichText {
  const isCheckpoint = state.checkpoints.some((each) => each.commit === revert.result);
  return [
    `It is back at ${quoted(revert.checkpointName)}${chosen(revert)}${except(revert)}`,
    ...(revert.result === undefined ? [] : [', as commit ', commit(revert.result)]),
    ', ',
    time(revert.at),
    isCheckpoint || revert.manifest.delivered ? '. That can be reverted too.' : '.',
  ];
}

function chosen({ files }: Revert): string {
  return files === undefined ? '' : `, ${plural(files.length, 'chosen file')}`;
}

function except({ manifest, files }: Revert): string {
  return manifest.cannot.length === 0 || files !== undefined ? '' : ', but for what can not be undone';
}

function manifestBlocks(state: TaskState, revert: Revert): readonly Block[] {
  const { undone, cannot, delivered } = revert.manifest;
  const open = revert.status === 'proposed';
  return [
    ...(delivered && open ? [{ kind: 'text', text: [deliveredWords(state)] } as const] : []),
    ...(revert.files === undefined
      ? listBlocks(
          heads[delivered ? 'compensated' : 'undone'][open ? 'open' : 'over'],
          undone.map((each) => [line(each)]),
        )
      : listBlocks(
          'Only these go back; all other files stay as they are:',
          revert.files.map((path) => [code(line(path))]),
        )),
    ...listBlocks(
      'This can not be undone:',
      cannot.map(({ what, why }) => [bold(line(what)), ...(why === '' ? [] : [`: ${line(why)}`])]),
    ),
  ];
}

/** What was delivered stays in the history of the project: a commit that takes it back compensates it. */
const heads = {
  undone: { open: 'This would be undone:', over: 'Stated as undone by it:' },
  compensated: { open: 'This would be compensated by that commit:', over: 'Stated as compensated by its commit:' },
} as const;

function deliveredWords({ delivery }: TaskState): string {
  const branch = delivery === undefined ? 'the project' : line(delivery.branch, 100);
  return `It was delivered already, so this makes a new commit in ${branch}; nothing is rewritten.`;
}

function listBlocks(head: string, items: readonly RichText[]): readonly Block[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, listLimit);
  const more = items.length - shown.length;
  return [
    { kind: 'text', text: [head] },
    { kind: 'list', items: more === 0 ? shown : [...shown, [`${more} more`]] },
  ];
}

function choices(state: TaskState, revert: Revert): readonly Button[] {
  const { id, manifest, checkpointName } = revert;
  const keep = { label: 'Keep everything', action: encodeAction({ verb: 'revert-nothing', subject: id }) };
  if (manifest.verdict === 'not' || isOutdated(state, revert) || isBusy(state)) return [keep];
  const names = joinWords(
    manifest.undone.map((each) => line(each, 40)),
    { limit: 3 },
  );
  return [
    {
      label: 'Revert these',
      style: 'danger',
      action: encodeAction({ verb: 'revert-all', subject: id }),
      confirm: {
        title: `Revert #${state.number}?`,
        text: `It goes back to ${quoted(checkpointName)}${names === '' ? '' : `: ${names}`}.`,
        yes: 'Revert',
      },
    },
    { label: 'Choose files…', action: encodeAction({ verb: 'revert-files', subject: id }) },
    keep,
  ];
}
