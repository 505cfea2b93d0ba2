import type { RichText } from '#core/chat/inline.ts';
import { decidersOf, deliveryVotes } from '#core/task/deciders.ts';
import type { Revert } from '#core/task/result.ts';
import type { TaskState } from '#core/task/state.ts';
import { joinWords } from '#core/text/list.ts';
import { plural } from '#core/text/plural.ts';
import { line } from './limits.ts';
import { code, commit, deliveryPlace, sentence, time } from './pieces.ts';

/** Whether the work has reached the project, as far as there is something to say. */
export function deliveryWords(state: TaskState): RichText | undefined {
  const { delivery } = state;
  if (delivery === undefined) return undelivered(state);
  const place = deliveryPlace(state);
  const by = joinWords(
    [...(delivery.votes ?? []).map((vote) => vote.by), delivery.by].map(({ name }) => line(name, 60)),
  );
  switch (delivery.status) {
    case 'requested':
      return [
        `${by} asked to deliver commit `,
        commit(delivery.commit),
        ' to ',
        ...place,
        ', ',
        time(delivery.at),
        '.',
      ];
    case 'delivered':
      return [
        'Delivered to ',
        ...place,
        ...(delivery.result === undefined ? [] : [' as commit ', commit(delivery.result)]),
        ` by ${by}, `,
        time(delivery.at),
        '.',
        ...takenBack(state),
      ];
    case 'refused':
      return [
        delivery.unsure ? 'It is not known whether it was delivered to ' : 'Not delivered to ',
        ...place,
        `: ${sentence(line(delivery.reason ?? 'the reason is not known'))}`,
        ...severalWords(state),
      ];
  }
}

/** Whether something of a delivery was reverted since. */
export function isTakenBack(state: TaskState): boolean {
  return revertOfDelivery(state) !== undefined;
}

function revertOfDelivery({ reverts }: TaskState): Revert | undefined {
  return reverts.findLast((each) => each.manifest.delivered && each.status === 'done');
}

function takenBack(state: TaskState): RichText {
  const revert = revertOfDelivery(state);
  if (revert === undefined) return [];
  const what =
    revert.files === undefined ? ' Reverted since' : ` ${plural(revert.files.length, 'chosen file')} reverted since`;
  return [what, ...(revert.result === undefined ? [] : [', as commit ', commit(revert.result)]), '.'];
}

function undelivered(state: TaskState): RichText | undefined {
  const { workspace, changes } = state;
  if (workspace === undefined || (changes?.files.length ?? 0) === 0) return undefined;
  return [
    'Not delivered: the changes are on ',
    code(line(workspace.branch, 100)),
    ' and nowhere else.',
    ...severalWords(state),
  ];
}

/** How many people have to say yes, and who did, where one is not enough. */
function severalWords(state: TaskState): RichText {
  const { people } = decidersOf(state);
  if (people === 1) return [];
  const votes = deliveryVotes(state).flatMap(({ by, at }) => [`; ${line(by.name, 60)} said yes `, time(at)]);
  return [` ${people} people have to say yes to a delivery`, ...votes, '.'];
}
