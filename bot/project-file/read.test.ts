import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlBytes } from '#workers/yaml/parse-yaml.ts';
import { readProjectFile } from './read.ts';

/** What is said about a file; empty when it is right. */
function says(text: string): readonly string[] {
  const read = readProjectFile(text);
  return read.ok ? [] : read.problems;
}

const good = `# what this project can do
runbooks:
  release:
    summary: Releases a version
    aliases: [ship, publish]
    inputs:
      version: { pattern: '\\d+\\.\\d+\\.\\d+' }
    steps:
      - name: Test
        run: |
          npm ci
          npm test
      - name: Tag
        command: git
        args: [tag, "v{{version}}"]
        retry:
          limit: 3
          on: [75, { output: lock }]
`;

describe('a commander.yaml', () => {
  it('is read', () => {
    const read = readProjectFile(good);
    expect(read).toMatchObject({ ok: true, file: { runbooks: { release: { priority: 50 } } } });
  });

  it.each(['', '\n', '# nothing yet\n', '---\n', '\ufeffruns: {}'.replace('runs', 'runbooks')])(
    'may hold nothing: %j',
    (text) => {
      expect(says(text)).toEqual([]);
    },
  );

  it('says the line, what was written, and what to write', () => {
    expect(says(good.replace('limit: 3', 'limit: three'))).toEqual([
      'line 17: `retry.limit` of step 2 in “release” must be a whole number from 0 to 20; you wrote "three". Write for example `limit: 3`',
    ]);
  });

  it('says all of it in the order of the lines', () => {
    const text = good
      .replace('limit: 3', 'limit: -1')
      .replace('    summary: Releases a version\n', '')
      .replace('name: Tag', 'nmae: Tag')
      .replace('run: |', 'timeout: soon\n        run: |');
    expect(says(text).map((problem) => problem.slice(0, 30))).toEqual([
      'line 3: `summary` of the runbo',
      'line 9: `timeout` of step 1 in',
      'line 13: `name` of step 2 in “',
      'line 13: `nmae` of step 2 in “',
      'line 17: `retry.limit` of step',
    ]);
  });

  it.each<[string, string]>([
    ['runbooks:\n\ta: 1', 'line 2: this begins with a tab'],
    ['name: a: b', 'line 1: this has a second ": "'],
    ['name: [1', 'or a bracket is not closed'],
    ['name: "a', 'line 1: a quote or bracket is missing'],
    ['name: @a', 'line 1: a value must not begin with this character'],
    ['name: {{version}}', 'must be in quotes'],
    ['name: a\n---\nname: b', 'line 2: a second document begins here'],
    ['name: a\nsummary: b\nname: c', 'line 3: `name` is here twice: it stands on line 1 already'],
    ['name: !!js/function a', 'line 1: tags such as'],
    ['name: !!binary aGk=', 'line 1: tags such as'],
    ['name: *nowhere', 'aliases (*name) that lead nowhere'],
    ['<<: { name: a }', '`<<` is not a key'],
    ['__proto__: { name: a }', '`__proto__` is not a key'],
    ['runbooks:', 'line 1: `runbooks` must be runbooks by their names; you wrote nothing'],
  ])('that is wrong as a text says so: %j', (text, words) => {
    expect(says(text).join('\n')).toContain(words);
  });

  it('shows nothing of a file that could deceive a terminal or a chat', () => {
    expect(says('name: [a]\n"\\e[31m\\u202e<!channel>": 1').join('\n')).not.toMatch(/[\x1b\u202e]/);
  });

  it('may share a part by an alias, but not multiply it without end', () => {
    expect(
      says('runbooks:\n  a: { summary: a, steps: &s [{ name: a, run: ls }] }\n  b: { summary: b, steps: *s }'),
    ).toEqual([]);
    const bomb = [
      'a: &a [x, x]',
      ...Array.from('bcdefg', (name, at) => `${name}: &${name} [${`*${'abcdef'[at]},`.repeat(9)}]`),
    ];
    expect(says(bomb.join('\n')).join('\n')).toContain('stand for too much');
  });

  it.each<[string, string]>([
    ['deep lists', '['.repeat(50_000)],
    ['deep mappings', '{a: '.repeat(20_000)],
    ['deep blocks', '- '.repeat(20_000)],
    ['deep keys', '? '.repeat(20_000)],
    ['anchors', `a: ${'&a '.repeat(20_000)}`],
    ['quotes', '"'.repeat(50_000)],
    ['keys', Array.from({ length: 20_000 }, (_, count) => `k${count}: 1`).join('\n')],
    ['more than is read', `# ${'x'.repeat(yamlBytes)}`],
  ])('of nothing but %s is refused in a few words', (_, text) => {
    const problems = says(text);
    expect(problems).not.toEqual([]);
    expect(problems.length).toBeLessThanOrEqual(21);
  });

  it('is read or refused, whatever it holds', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'runbooks:',
        'a:',
        ' ',
        '\n',
        '\n  ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '"',
        '*a',
        '&a ',
        '!x ',
        '|',
        '\t',
        ': ',
        '#',
        '---\n',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const read = readProjectFile(pieces.join(''));
        if (!read.ok) expect(read.problems).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
