import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import {
  baseCommit,
  begin,
  commitOf,
  idOf,
  plannedStep,
  received,
  receivedWithCheck,
  type TaskStory,
} from '#core/task/testing.ts';
import { show } from './task.ts';
import { buttonsOf } from './testing.ts';
import type { ShowWorld } from './world.ts';

const files = [
  { path: 'CHANGELOG.md', status: 'modified', added: 24, removed: 0 },
  { path: 'package.json', status: 'modified', added: 1, removed: 1 },
] as const;
const passed = { name: 'tests', command: 'npm test', passed: true, reason: 'passed in 3 s', durationMs: 3000 } as const;
export const request = {
  type: 'needs-approval',
  stepId: 's2',
  reason: 'it tags',
  shown: 'git tag v1.2.0',
  hash: 'h',
  ruleHash: 'r',
} as const;

/** For tests: the card of that key. */
export function card(task: TaskStory, key: string, world: ShowWorld = {}): Card {
  const found = show(task.state, world).find((each) => each.key === key);
  if (found === undefined) throw new Error(`there is no card ${key}`);
  return found;
}

/** The buttons of a card by their words. */
export function labels(task: TaskStory, key: string): readonly string[] {
  return buttonsOf(card(task, key)).map((button) => button.label);
}

/** What stands above a card. */
export function title(task: TaskStory, key = 'status:1'): string {
  return plainOf(card(task, key).title);
}

/** For tests: a task whose first step runs. */
export function running(first = receivedWithCheck()): TaskStory {
  const task = begin(first);
  task.happens({ type: 'queue' });
  task.start();
  task.report({ type: 'workspace-ready', branch: 'commander/42-release', baseBranch: 'main', base: baseCommit });
  task.report({ type: 'checkpoint', n: 1, name: 'Start', commit: baseCommit });
  task.report({ type: 'step-started', stepId: 's1' });
  return task;
}

/** A task that waits for approval of its second step. */
export function asked(): TaskStory {
  const task = running(
    receivedWithCheck({
      steps: [plannedStep('s1'), plannedStep('s2', { approve: 'it tags', reversible: 'tags are seen by others' })],
    }),
  );
  task.report({ type: 'step-finished', stepId: 's1' });
  task.report(request);
  return task;
}

/** A task that has changed two files, produced one, and is completed. */
export function completed(checks = [passed]): TaskStory {
  const task = running(checks.length === 0 ? received() : receivedWithCheck());
  task.report({
    type: 'checkpoint',
    n: 2,
    name: 'Do s1',
    commit: commitOf(1),
    changes: { files, added: 25, removed: 1, more: 0 },
  });
  task.report({ type: 'step-finished', stepId: 's1' });
  task.report({ type: 'step-started', stepId: 's2' });
  task.report({
    type: 'output',
    output: { id: idOf(9), name: 'notes.pdf', mediaType: 'application/pdf', size: 12_000, sha256: '', version: 1 },
  });
  task.report({ type: 'step-finished', stepId: 's2' });
  task.report({ type: 'verified', commit: commitOf(1), checks });
  task.report({ type: 'finished' });
  return task;
}
