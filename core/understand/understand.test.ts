import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProjectFile } from '../project-file/check.ts';
import { readHints } from './hints.ts';
import { understand, type World } from './understand.ts';

const steps = [{ name: 'Do', run: 'true' }];
const checked = checkProjectFile({
  runbooks: {
    test: { summary: 'Tests', aliases: ['run the tests'], steps },
    note: { summary: 'Notes', inputs: { words: { type: 'string' } }, steps },
  },
});
const runbooks = checked.ok ? checked.file.runbooks : {};
const world: World = {
  projects: [
    { id: '1', name: 'api', runbooks },
    { id: '2', name: 'broken', runbooks: {} },
  ],
};

describe('what a request says besides', () => {
  it.each([
    ['run the tests on windows in api', ['Nothing was made of “windows”']],
    ['run the tests in api and tell bo', ['Nothing was made of “tell bo”']],
    ['hey, could you just run the tests for me please, in api', []],
    ['note buy milk and bread in api', []],
    ['run the tests in api because bo waits for them', []],
  ])('is told where nothing is made of it: %s', (text, corrections) => {
    expect(understand(text, world)).toMatchObject({ kind: 'task', corrections });
  });

  it('is not dropped where it is another request: they are shown each by itself, and none is begun', () => {
    expect(understand('run the tests and then note buy milk, in api', world)).toEqual({
      kind: 'several',
      nearest: [
        { say: 'run the tests in api', meaning: 'Tests' },
        { say: 'note buy milk in api', meaning: 'Notes' },
      ],
    });
    expect(understand('run the tests and test, in api', world)).toMatchObject({ kind: 'task' });
  });
});

describe('who reviews', () => {
  const agents = [{ id: 'codex', name: 'Codex' }];
  const known: World = { projects: [{ id: '1', name: 'api', runbooks: {} }], agents };

  it.each([
    ['mend the login in api reviewer: bo', { person: 'bo' }],
    ['mend the login in api, reviewer: @bo', { person: 'bo' }],
    ['reviewer: "Bo Lee" mend the login with codex', { person: 'Bo Lee' }],
    ['mend the login reviewer: model opus', { model: 'opus' }],
    ['show what was reviewed by bo', undefined],
  ])('is said in the request: %s', (text, reviewer) => {
    const reading = understand(text, known);
    expect(reading).toMatchObject({ kind: 'agent', projectId: '1' });
    expect('reviewer' in reading ? reading.reviewer : undefined).toEqual(reviewer);
  });
});

describe('a request that names a place', () => {
  it('is for that project', () => {
    expect(understand('run the tests in api', world)).toMatchObject({ kind: 'task', projectId: '1' });
  });

  it('is for the one that is named as written, however much others look like it; like several is none of them', () => {
    const names = ['shop-1', 'shop-2', 'shop', 'shop two'];
    const alike: World = { projects: names.map((name) => ({ id: name, name, runbooks })) };
    for (const name of names) {
      expect(understand(`run the tests in ${name}`, alike)).toMatchObject({ projectId: name, corrections: [] });
    }
    expect(understand('run the tests in shop-3', alike)).toMatchObject({ kind: 'ambiguous' });
  });

  it('is for the one whose name is said with blanks instead of its signs', () => {
    const apart: World = { projects: ['berry-api', 'berry-web'].map((name) => ({ id: name, name, runbooks })) };
    expect(understand('run the tests in berry api', apart)).toMatchObject({
      projectId: 'berry-api',
      corrections: ['Took “berry api” for the project berry-api'],
    });
  });

  it('is for no other one when nobody knows it', () => {
    for (const text of ['run the tests in nowhere', 'run the tests on project nowhere, please'])
      expect(understand(text, world)).toEqual({ kind: 'unknown-project', named: 'nowhere', say: 'run the tests' });
  });

  it('is for no other one when nothing fits there', () => {
    expect(understand('run the tests in broken', world)).toMatchObject({ kind: 'unknown', projectId: '2' });
  });

  it('keeps the words that are for an input', () => {
    expect(understand('note lunch in Rome', world)).toMatchObject({ kind: 'task', given: { words: 'lunch in Rome' } });
  });
});

const shop = checkProjectFile({
  runbooks: {
    test: { summary: 'Tests', aliases: ['run the tests', 'tests'], steps },
    release: {
      summary: 'Releases',
      aliases: ['ship'],
      inputs: { version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' } },
      steps,
    },
    report: {
      summary: 'A report',
      inputs: { format: { type: 'enum', options: ['pdf', 'html', 'csv'], default: 'html' } },
      steps,
    },
    seed: { summary: 'Seeds', inputs: { rows: { type: 'number' } }, steps },
    greet: { summary: 'Greets', inputs: { who: { type: 'string' } }, steps },
  },
});
const shopRunbooks = shop.ok ? shop.file.runbooks : {};
const alone: World = { projects: [{ id: 's', name: 'shop', runbooks: shopRunbooks }] };
const two: World = {
  projects: [
    { id: 's', name: 'shop', runbooks: shopRunbooks },
    { id: 'b', name: 'blog', runbooks },
  ],
};

describe('a request', () => {
  it.each([
    ['run the tests', 'test', {}],
    ['Run the tests please', 'test', {}],
    ['please, could you run the tests?', 'test', {}],
    ['can you run the tests in shop?', 'test', {}],
    ['run the tets', 'test', {}],
    ['tests!', 'test', {}],
    ['hey, ship 1.2.0', 'release', { version: '1.2.0' }],
    ['release 1.2.0', 'release', { version: '1.2.0' }],
    ['release version=1.2.0', 'release', { version: '1.2.0' }],
    ['release version = "1.2.0"', 'release', { version: '1.2.0' }],
    ['release version=„1.2.0“', 'release', { version: '1.2.0' }],
    ['release „1.2.0“', 'release', { version: '1.2.0' }],
    ['release « 1.2.0 »', 'release', { version: '1.2.0' }],
    ['1.2.0 release, please', 'release', { version: '1.2.0' }],
    ['release', 'release', {}],
    ['release soon', 'release', {}],
    ['report as PDF please', 'report', { format: 'pdf' }],
    ['report as “PDF” please', 'report', { format: 'pdf' }],
    ['report as a csv', 'report', { format: 'csv' }],
    ['report csv', 'report', { format: 'csv' }],
    ['report in PDF format', 'report', { format: 'pdf' }],
    ['> release 1.2.0\nrun the tests', 'test', {}],
    ['report', 'report', {}],
    ['seed 200', 'seed', { rows: '200' }],
    ['seed rows=200', 'seed', { rows: '200' }],
    ['greet the whole team', 'greet', { who: 'the whole team' }],
    ['greet Zoë 🎉', 'greet', { who: 'Zoë 🎉' }],
  ])('%j is %s with %j', (text, runbookId, given) => {
    expect(understand(text, alone)).toMatchObject({ kind: 'task', projectId: 's', runbookId, given });
  });

  it.each([
    ["don't release 1.2.0"],
    ['do not run the tests'],
    ['please never ship 1.2.0'],
    ['what does release do?'],
    ['why did the tests fail?'],
    ['is the report ready?'],
    ['when was release 1.2.0?'],
  ])('%j begins nothing, and says why', (text) => {
    expect(understand(text, alone)).toMatchObject({ kind: 'no-request' });
  });

  it.each([[''], ['   '], ['🎉'], ['lunch?'], ['```'], ['@everyone'], ['https://example.org/release-notes-are-here']])(
    '%j is not understood, and the nearest are named',
    (text) => {
      const reading = understand(text, alone);
      expect(reading.kind).toBe('unknown');
      if (reading.kind === 'unknown')
        expect(reading.nearest[0]).toEqual({ say: expect.stringMatching(/\w/), meaning: expect.stringMatching(/\w/) });
    },
  );

  it.each([
    ['release 1.2.0 urgently', { priority: 10 }],
    ['release 1.2.0, no hurry', { priority: 80 }],
    ['release 1.2.0 priority 7', { priority: 7 }],
    ['release 1.2.0 after #12 and #13', { after: [12, 13] }],
    ['release 1.2.0 depends on #9', { after: [9] }],
    ['release 1.2.0, not urgent', { priority: 80 }],
    ['release 1.2.0 with high prio', { priority: 10 }],
    ['release 1.2.0 immediately', { priority: 10 }],
    ['release 1.2.0 prio 7', { priority: 7 }],
    ['release 1.2.0 after task #12', { after: [12] }],
    ['release 1.2.0 blocked by #12, #13', { after: [12, 13] }],
    ['release 1.2.0 once #12 is done', { after: [12] }],
    ['release 1.2.0 when #12 fails', { after: [] }],
    ['release 1.2.0 files: src/auth/*.ts, docs', { files: ['src/auth/*.ts', 'docs'] }],
    ['files: `src/shop` release 1.2.0 urgently', { files: ['src/shop'], priority: 10 }],
  ])('%j says %j besides', (text, more) => {
    expect(understand(text, alone)).toMatchObject({ kind: 'task', given: { version: '1.2.0' }, ...more });
  });

  it('is not what somebody else said, who is quoted', () => {
    expect(understand('> release 1.2.0\n> urgently', alone)).toMatchObject({ kind: 'unknown' });
    expect(understand('> do not release\n> please\nrelease 1.2.0', alone)).toMatchObject({
      kind: 'task',
      priority: undefined,
    });
  });

  it('says what it took for what, when the spelling was off', () => {
    expect(understand('run the tets', alone)).toMatchObject({ corrections: [expect.stringContaining('tets')] });
  });

  it('that fits two projects asks which', () => {
    expect(
      understand('tests', { projects: [...alone.projects, { id: 'x', name: 'web', runbooks: shopRunbooks }] }),
    ).toEqual({
      kind: 'ambiguous',
      choices: [
        { projectId: 's', runbookId: 'test', label: 'shop' },
        { projectId: 'x', runbookId: 'test', label: 'web' },
      ],
    });
  });

  it('that fits two projects is for the one of the thread, or the one that is named', () => {
    expect(understand('run the tests', { ...two, threadProjectId: 'b' })).toMatchObject({ projectId: 'b' });
    expect(understand('run the tests in shop', { ...two, threadProjectId: 'b' })).toMatchObject({ projectId: 's' });
  });
});

describe('whatever is said', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'release',
      'tests',
      'in',
      'shop',
      'blog',
      'after #1',
      'as pdf',
      'x=1',
      'priority 5',
      '\n',
      '"',
      '#',
      '=',
    ),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' '));

  it('is read without failing, as something that exists', () => {
    fc.assert(
      fc.property(text, (said) => {
        const reading = understand(said, two);
        if (reading.kind !== 'task') return;
        const place = two.projects.find(({ id }) => id === reading.projectId);
        const runbook = place?.runbooks[reading.runbookId];
        expect(runbook).toBeDefined();
        for (const name of Object.keys(reading.given)) expect(Object.keys(runbook?.inputs ?? {})).toContain(name);
      }),
    );
  });

  it('an ambiguous request is understood once its place is chosen, with all that it says', () => {
    const world: World = { projects: [...alone.projects, { id: 'x', name: 'web', runbooks: shopRunbooks }] };
    const requests = fc.constantFrom('tests', 'release 1.2.0', 'report as pdf', 'seed 5');
    fc.assert(
      fc.property(requests, fc.nat(1), (said, pick) => {
        const reading = understand(said, world);
        if (reading.kind !== 'ambiguous') throw new Error('it should fit both');
        const place = reading.choices[pick];
        const alike = understand(said, alone);
        expect(understand(said, { ...world, place })).toEqual({ ...alike, projectId: ['s', 'x'][pick] });
      }),
    );
  });

  it('is read in time that grows with its length only', () => {
    const long = `release ${'after #1 and '.repeat(5000)} ${'a='.repeat(5000)} ${' '.repeat(20_000)}x`;
    expect(understand(long, alone).kind).toBeDefined();
  });
});

it('reads spaces that are made to take for ever', () => {
  expect(readHints(`priority${' '.repeat(300_000)}x`)).toMatchObject({ after: [] });
});
