import { git, gitText } from './git.ts';

/** A reference and the commit it shall name; with `from`, only when it names that commit now (`'none'`: when it does not exist). */
export interface RefUpdate {
  readonly ref: string;
  readonly to: string;
  readonly from?: string;
}

const none = '0'.repeat(40);

/** Moves references, all or none. */
export async function updateRefs(gitDirectory: string, updates: readonly RefUpdate[]): Promise<void> {
  const input = updates
    .map(({ ref, to, from }) => `update ${ref}\0${to}\0${from === 'none' ? none : (from ?? '')}\0`)
    .join('');
  await git(['update-ref', '-z', '--stdin'], { gitDirectory, input });
}

/** The commit that a reference names; `undefined` when there is none. */
export async function readRef(gitDirectory: string, ref: string): Promise<string | undefined> {
  const commit = await gitText(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    gitDirectory,
    answers: [1],
  });
  return commit === '' ? undefined : commit;
}

/** The branch of a task, in our repository and in the person's. */
export function taskBranch(number: number, slug: string): string {
  return `commander/${number}-${slug}`;
}

/** The reference that keeps checkpoint `n` of a task; 0 is the state that the work started from. */
export function checkpointRef(number: number, n: number): string {
  return `refs/commander/${number}/${n}`;
}

export interface KeptCommit {
  readonly commit: string;
  readonly tree: string;
}

export interface TaskRefs {
  /** Where the task's branch is; `undefined` before its work folder was first complete. */
  readonly tip?: KeptCommit;
  readonly checkpoints: ReadonlyMap<number, KeptCommit>;
}

/** All that our repository keeps of a task, in one look. */
export async function readTaskRefs(gitDirectory: string, number: number, branch: string): Promise<TaskRefs> {
  const lines = await gitText(
    [
      'for-each-ref',
      '--format=%(refname) %(objectname) %(tree)',
      '--',
      `refs/commander/${number}/`,
      `refs/heads/${branch}`,
    ],
    { gitDirectory },
  );
  let tip: KeptCommit | undefined;
  const checkpoints = new Map<number, KeptCommit>();
  for (const line of lines.split('\n')) {
    const [ref = '', commit = '', tree = ''] = line.split(' ');
    if (ref === `refs/heads/${branch}`) tip = { commit, tree };
    const n = /^refs\/commander\/\d+\/(\d+)$/.exec(ref)?.[1];
    if (n !== undefined) checkpoints.set(Number(n), { commit, tree });
  }
  return { tip, checkpoints };
}
