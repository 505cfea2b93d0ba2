import type { Run } from '../run/run.ts';
import { authorOf } from '../run/workplace.ts';
import { deliver } from '../workspace/deliver.ts';
import { projectSource } from './project-source.ts';

/** Nobody asked for a delivery, or it is decided already. */
class NothingToDeliver extends Error {
  readonly code = 'nothing_to_deliver';
}

/** Merges the work into the project, as it was shown when somebody approved that. Done again after a crash it finds what was done. */
export async function carryOutDelivery({ input, reporter }: Run): Promise<void> {
  const { task } = reporter;
  const { delivery } = task;
  if (delivery?.status !== 'requested') throw new NothingToDeliver('Nobody asked for this to be delivered.');
  const { commit } = await deliver(projectSource(input.project, delivery.branch), {
    number: task.number,
    commit: delivery.commit,
    message: `${task.title} (#${task.number})`,
    author: authorOf(task),
    trailers: { 'Requested-by': task.requester.name, 'Delivered-by': delivery.by.name },
  });
  await reporter.end({ type: 'delivered', result: commit });
}
