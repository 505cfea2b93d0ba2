import { plainText } from '../text/sanitise.ts';
import type { Checkpoint } from './result.ts';
import type { TaskState } from './state.ts';

/** Two commits of a task, and what lies between them. */
export interface ChangedStretch {
  /** The number of the checkpoint that it leads to. */
  readonly n: number;
  readonly title: string;
  /** What the step is for, as its project says it. */
  readonly why?: string;
  readonly from: string;
  readonly to: string;
}

/** From each checkpoint of the round to the next that differs from it. */
export function changedStretches({ checkpoints, round, steps }: TaskState): readonly ChangedStretch[] {
  const here = checkpoints.filter((each) => each.round === round);
  return here.flatMap((to, index) => {
    const from = here[index - 1];
    return from === undefined || from.commit === to.commit ? [] : [stretch(from, to, steps)];
  });
}

function stretch(from: Checkpoint, { n, name, commit }: Checkpoint, steps: TaskState['steps']): ChangedStretch {
  const step = steps.find(({ plan }) => plan.checkpoint === name || plan.name === name);
  return {
    n,
    title: plainText(step?.plan.name ?? name, { singleLine: true }),
    why: step?.plan.why,
    from: from.commit,
    to: commit,
  };
}
