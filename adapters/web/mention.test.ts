import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMention } from './mention.ts';

test.each([
  ['@commander run the tests', 'run the tests'],
  ['@COMMANDER: run the tests', 'run the tests'],
  ['please, @Commander, run the tests', 'please, run the tests'],
  ['run the tests @commander', 'run the tests'],
  ['(@commander) help', '( ) help'],
  ['help, @commander.', 'help, .'],
  ['@commander', ''],
  ['@commander run:\n  a:\n    b: 1', 'run:\n  a:\n    b: 1'],
])('%j addresses the bot', (text, rest) => {
  expect(readMention(text)).toEqual({ addressed: true, rest });
});

test.each([
  'commander run the tests',
  'ana@commander',
  'ana@commander.example',
  '@commander.example',
  '@commander@example.org',
  '@commander-two run',
  '@commander_two run',
  '@commanderé run',
  'é@commander run',
  '@@commander',
  '',
])('%j does not', (text) => {
  expect(readMention(text)).toEqual({ addressed: false, rest: text });
});

test('whatever stands around the name as words, is kept', () => {
  const words = fc.stringMatching(/^[a-z0-9]{1,8}( [a-z0-9]{1,8}){0,3}$/);
  fc.assert(
    fc.property(words, words, (before, after) => {
      expect(readMention(`${before} @commander ${after}`)).toEqual({ addressed: true, rest: `${before} ${after}` });
    }),
  );
});

test('a run of spaces that is made to take for ever is only spaces', () => {
  const spaces = ' '.repeat(500_000);
  expect(readMention(`a${spaces}b`)).toEqual({ addressed: false, rest: `a${spaces}b` });
  expect(readMention(`a${spaces}@commander${spaces}b`)).toEqual({ addressed: true, rest: 'a b' });
});
