import { describe, expect, it } from 'vitest';
import { decodeAction } from '#core/chat/button.ts';
import { plainOf } from '#core/chat/inline.ts';
import { idOf } from '#core/task/testing.ts';
import { foldRows, showInbox } from './inbox.ts';
import { showHelp, showNotice, showProjects, showUnknown } from './replies.ts';
import { showTaskList, type TaskRow } from './task-list.ts';
import { buttonsOf, wordsOf } from './testing.ts';

const row: TaskRow = {
  number: 42,
  title: 'Release 1.2.0',
  status: 'running',
  because: { text: 'Working', since: '2026-05-03T12:00:00.000Z' },
  project: 'demo',
  requester: 'ana',
  threadHref: '/c/general/42',
};

describe('help', () => {
  it('lists what can be said, by section, without empty ones', () => {
    const card = showHelp([
      { title: 'Tasks', entries: [{ usage: 'release <version>', summary: 'Makes a release' }] },
      { title: 'Empty', entries: [] },
    ]);
    expect(wordsOf(card)).toContain('release <version> Makes a release');
    expect(wordsOf(card)).not.toContain('Empty');
    expect(card.summary).toBe('What you can say: 1 command.');
  });
});

describe('a list', () => {
  it('of tasks links each to its thread and says how it is', () => {
    const card = showTaskList('Your tasks', [{ rows: [row], more: 0 }]);
    const list = card.blocks.find((block) => block.kind === 'list');
    expect(list?.items[0]).toContainEqual({ kind: 'task', number: 42, href: '/c/general/42' });
    expect(wordsOf(card)).toContain('Release 1.2.0 · running in demo, asked by ana: Working');
  });

  it('counts what it does not show', () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ ...row, number: index }));
    expect(wordsOf(showTaskList('All tasks', [{ rows, more: 100 }]))).toContain('and 105 more');
    expect(showTaskList('All tasks', [{ rows, more: 100 }]).summary).toBe('All tasks: 125 tasks.');
  });

  it('says so when there is nothing', () => {
    expect(wordsOf(showTaskList('Your tasks', [{ rows: [], more: 0 }]))).toContain('There are none.');
    expect(plainOf(showInbox({ lines: [] }).title)).toBe('Nothing waits for you');
    expect(wordsOf(showProjects([]))).toContain('add project <path or git URL>');
  });

  it('of what waits for a person says what is asked', () => {
    const card = showInbox({
      lines: foldRows(
        [
          {
            kind: 'approval',
            number: 42,
            title: 'Release',
            project: 'demo',
            text: 'it tags',
            askedAt: '2026-05-03T12:00:00.000Z',
          },
        ],
        'oldest',
      ),
    });
    expect(plainOf(card.title)).toBe('1 thing waits for a person');
    expect(wordsOf(card)).toContain('#42 Release · Approval in demo: it tags');
    const asked = {
      title: 'deploy',
      text: 'Which do you mean?',
      askedAt: '2026-05-03T12:00:00.000Z',
      threadHref: '/c/x/1',
    };
    const request = showInbox({ lines: [[{ kind: 'request', ...asked }]] });
    expect(wordsOf(request)).toContain('“deploy” · Needed before it begins: Which do you mean?');
    expect(JSON.stringify(request.blocks)).toContain('"href":"/c/x/1"');
  });

  it('of projects says what runs in each, or what is wrong with it', () => {
    const card = showProjects([
      { name: 'demo', kind: 'repository', location: '/srv/demo', runbooks: ['release', 'test'] },
      { name: 'old', kind: 'folder', location: '/srv/old', runbooks: [], problem: 'the folder is gone' },
    ]);
    expect(wordsOf(card)).toContain('demo, repository at /srv/demo: runs release, test');
    expect(wordsOf(card)).toContain('the folder is gone.');
    expect(card.tone).toBe('warning');
  });
});

describe('a message that fits nothing', () => {
  const card = showUnknown({
    messageId: idOf(7),
    heard: 'relase 1.2.0',
    from: 'ana',
    nearest: [{ say: 'release 1.2.0', meaning: 'Makes a release' }],
    manner: 'professional',
  });

  it('is answered honestly, with the nearest things as buttons', () => {
    expect(plainOf(card.title)).toBe('I did not understand that');
    expect(wordsOf(card)).toContain('Nothing was started.');
    expect(buttonsOf(card)).toEqual([{ label: 'release 1.2.0', action: `run:${idOf(7)}:0` }]);
    expect(decodeAction(buttonsOf(card)[0]?.action ?? '')).toEqual({ verb: 'run', subject: idOf(7), choice: '0' });
  });

  it('is shown as what somebody else said', () => {
    expect(card.blocks[0]).toEqual({ kind: 'quote', from: 'ana', text: 'relase 1.2.0' });
  });
});

describe('a notice', () => {
  it('keeps the words of others apart', () => {
    const card = showNotice({
      tone: 'danger',
      title: 'The project was not added',
      text: [['Git could not read it.']],
      code: { label: 'What git said', text: '\u001b[31mfatal\u001b[0m: not a repository' },
    });
    expect(card.blocks).toContainEqual({ kind: 'code', label: 'What git said', text: 'fatal: not a repository' });
    expect(card.summary).toBe('The project was not added.');
  });
});
