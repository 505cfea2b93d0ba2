import { expect, it } from 'vitest';
import { definitions } from '#core/commands/definitions.ts';
import { readArguments, WrongUse } from './arguments.ts';
import { helpText } from './help.ts';

const thread = '01a216a9-4fa3-70b5-8a18-c3c711d5eeb0';

it('words are what is said, wherever the options stand', () => {
  expect(readArguments(['run', 'the', 'tests', '--follow'])).toMatchObject({ words: 'run the tests', follow: true });
  expect(readArguments(['-f', 'cancel #12', '--file', 'a.csv', '--file', 'b c.csv'])).toMatchObject({
    words: 'cancel #12',
    follow: true,
    files: ['a.csv', 'b c.csv'],
    channel: 'general',
  });
  expect(readArguments(['fix', '--', '--colour', 'option']).words).toBe('fix --colour option');
});

it('a moment is said as it is, or as how long ago', () => {
  const now = Date.parse('2026-05-03T14:00Z');
  expect(readArguments(['logs', '12', '--since', '2h'], now).since).toBe('2026-05-03T12:00:00.000Z');
  expect(readArguments(['logs', '12', '--since', '2026-05-03'], now).since).toBe('2026-05-03T00:00:00.000Z');
});

it('a thread is named by its id or by the address of its page', () => {
  const page = `http://localhost:8300/c/01a216a9-32fc-7dbc-baf6-ff7985cee4ca/${thread}`;
  expect(readArguments(['--press', 'Approve', '--thread', page]).thread).toBe(thread);
  expect(readArguments(['yes', '--thread', thread.toUpperCase()]).thread).toBe(thread);
});

it.each([
  [['--frob'], /--frob/],
  [['--thread', 'twelve', 'yes'], /“twelve” names no thread/],
  [['--press', 'Approve'], /--thread/],
  [['logs', '12', '--since', 'yesterday'], /“yesterday” is no moment/],
  [['--press', 'Approve', 'yes', '--thread', thread], /not both/],
  [['tasks', '--url'], /--url/],
])('%j is refused with what to write', (args, words) => {
  expect(() => readArguments(args)).toThrow(WrongUse);
  expect(() => readArguments(args)).toThrow(words);
});

it('the help lists every command of the table', () => {
  for (const { usage, summary } of Object.values(definitions)) {
    expect(helpText()).toContain(usage);
    expect(helpText()).toContain(summary);
  }
});
