import type { Block, Card, PlanLine } from '#core/chat/card.ts';

/** Cards as the bot shows them through the life of one task: for pictures and for trying things out. */

const buttonsRunning: Block = {
  kind: 'buttons',
  buttons: [
    { label: 'Pause', action: 'pause:t1' },
    {
      label: 'Cancel',
      style: 'danger',
      action: 'cancel:t1',
      confirm: {
        title: 'Cancel this task?',
        text: 'The running step is stopped. What is done so far stays on its branch.',
        yes: 'Cancel the task',
      },
    },
    { label: 'Details', action: 'details:t1' },
  ],
};

export const understanding: Card = {
  key: 'understanding',
  tone: 'neutral',
  title: ['Understood as ', { kind: 'bold', text: 'release' }, ' in ', { kind: 'bold', text: 'demo' }],
  summary: 'Task #7: release 1.2.0 in the project demo.',
  blocks: [
    {
      kind: 'fields',
      fields: [
        { label: 'Task', value: [{ kind: 'task', number: 7, href: '/c/general' }] },
        { label: 'Version', value: [{ kind: 'code', text: '1.2.0' }] },
        { label: 'Runs as', value: ['runbook'] },
        { label: 'Changes', value: ['2 files, on its own branch'] },
      ],
    },
    { kind: 'quote', from: 'ana', text: 'release 1.2.0' },
    { kind: 'context', text: ['Nothing outside the branch changes before you approve.'] },
  ],
};

/** The status while the second step runs since `since`. */
export function running(since: string): Card {
  const steps: PlanLine[] = [
    { state: 'done', title: 'Run the tests', detail: ['took 4 s'] },
    { state: 'running', title: 'Write the release notes', detail: [{ kind: 'elapsed', since }] },
    { state: 'pending', title: 'Set the version' },
    { state: 'pending', title: 'Deliver', detail: ['asks first'] },
  ];
  return {
    key: 'status:1',
    tone: 'progress',
    title: [{ kind: 'task', number: 7 }, ' Release 1.2.0 · ', { kind: 'bold', text: 'Running' }],
    summary: 'Running step 2 of 4: write the release notes.',
    blocks: [
      { kind: 'text', text: ['Step 2 of 4, running for ', { kind: 'elapsed', since }, '.'] },
      { kind: 'plan', steps },
      {
        kind: 'actions',
        actions: [
          { at: since, text: ['Ran ', { kind: 'code', text: 'npm test' }, ': 48 tests passed'] },
          { at: since, text: ['Read 12 commits since ', { kind: 'code', text: 'v1.1.0' }] },
          { at: since, text: ['Wrote ', { kind: 'code', text: 'CHANGELOG.md' }] },
        ],
      },
      buttonsRunning,
    ],
  };
}

export const approval: Card = {
  key: 'approval:a1',
  tone: 'waiting',
  title: ['Approve: tag and merge 1.2.0 into ', { kind: 'code', text: 'main' }],
  summary: 'Approval needed: tag and merge 1.2.0 into main.',
  blocks: [
    { kind: 'text', text: ['This changes the project itself. It can be reverted afterwards as a new commit.'] },
    {
      kind: 'code',
      label: 'The command that will run',
      text: "git merge --no-ff commander/7-release\ngit tag -a v1.2.0 -m 'Release 1.2.0'",
    },
    {
      kind: 'changes',
      files: [
        { path: 'CHANGELOG.md', status: 'modified', added: 24, removed: 0 },
        { path: 'package.json', status: 'modified', added: 1, removed: 1 },
        { path: 'docs/releases/1.2.0.md', status: 'added', added: 58, removed: 0 },
        { path: 'docs/draft.md', status: 'deleted', added: 0, removed: 12 },
      ],
      more: 2,
    },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Approve', style: 'primary', action: 'approve:a1' },
        {
          label: 'Deny',
          style: 'danger',
          action: 'deny:a1',
          confirm: { title: 'Deny this release?', text: 'The task ends here. Its branch is kept.', yes: 'Deny' },
        },
        { label: 'Refine…', action: 'refine:a1' },
        { label: 'Always allow here', action: 'always:a1' },
        { label: 'Diff', href: '/tasks/7/diff' },
      ],
    },
  ],
};

/** The end, with what was produced. */
export function report(files: Extract<Block, { kind: 'files' }>['files']): Card {
  return {
    key: 'report',
    tone: 'success',
    title: [{ kind: 'bold', text: 'Completed' }, ': release 1.2.0 is on main'],
    summary: 'Task #7 is completed: release 1.2.0 is on main.',
    blocks: [
      {
        kind: 'plan',
        steps: [
          { state: 'done', title: 'Run the tests', detail: ['took 4 s'] },
          { state: 'done', title: 'Write the release notes', detail: ['took 1 min 12 s'] },
          { state: 'failed', title: 'Publish the preview', detail: ['no network; not needed'] },
          { state: 'skipped', title: 'Tell the channel' },
          { state: 'done', title: 'Deliver', detail: ['approved by ana'] },
        ],
      },
      {
        kind: 'list',
        items: [
          ['48 tests passed on the final commit ', { kind: 'code', text: '4f2a91c' }],
          ['No file outside the scope was changed'],
        ],
      },
      { kind: 'files', files },
      {
        kind: 'buttons',
        buttons: [
          { label: 'Diff', href: '/tasks/7/diff' },
          { label: 'Revert…', action: 'revert:t1' },
          { label: 'Run again', action: 'restart:t1' },
        ],
      },
      {
        kind: 'context',
        text: ['Took 2 min 3 s · asked by ana · finished ', { kind: 'time', at: '2026-05-03T14:02:00Z' }],
      },
    ],
  };
}

export const failed: Card = {
  key: 'status:1',
  tone: 'danger',
  title: [{ kind: 'task', number: 8 }, ' Publish · ', { kind: 'bold', text: 'Failed' }],

  summary: '#8 Publish has failed after 3 attempts.',
  blocks: [
    {
      kind: 'code',
      label: 'Last lines of step 2',
      text: 'npm error code ECONNRESET\nnpm error network This is a problem related to network connectivity.',
    },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Try again', style: 'primary', action: 'retry:t2' },
        { label: 'Explain', action: 'explain:t2' },
      ],
    },
  ],
};
