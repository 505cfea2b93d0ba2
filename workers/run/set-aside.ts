import { gitText } from '../workspace/git.ts';
import { mayHaveTaskRefs, type RefUpdate, updateRefs } from '../workspace/refs.ts';

const gone = '0'.repeat(40);

/**
 * Makes room for a task that begins anew ("run again"): its branch and checkpoint references go, so that the work starts from
 * the project as it is now; their commits are kept, for people may still look at them or go back to them.
 */
export async function setAsideEarlierWork(repository: string, taskNumber: number): Promise<void> {
  if (!(await mayHaveTaskRefs(repository, taskNumber))) return;
  const own = `refs/commander/${taskNumber}/`;
  const list = await gitText(
    ['for-each-ref', '--format=%(refname) %(objectname)', '--', own, `refs/heads/commander/${taskNumber}-*`],
    { gitDirectory: repository },
  );
  const updates = new Map<string, RefUpdate>();
  for (const line of list.split('\n')) {
    const [ref = '', commit = ''] = line.split(' ');
    if (ref === '' || ref.startsWith(`${own}kept/`)) continue;
    const kept = `${own}kept/${commit}`;
    updates.set(kept, { ref: kept, to: commit });
    updates.set(ref, { ref, to: gone, from: commit });
  }
  if (updates.size > 0) await updateRefs(repository, [...updates.values()]);
}
