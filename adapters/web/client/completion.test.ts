import { describe, expect, it } from 'vitest';
import { addressesBot, completed, fittingPeople, wantedAt } from './completion.ts';

/** `|` marks the caret. */
function at(marked: string): [string, number] {
  return [marked.replace('|', ''), marked.indexOf('|')];
}

describe('wantedAt', () => {
  it.each([
    ['@|', 'person', ''],
    ['hi @an|', 'person', 'an'],
    ['(@bo|)', 'person', 'bo'],
    ['@commander |', 'command', ''],
    ['@commander run th|', 'command', 'run th'],
    ['well, @Commander  re|port', 'command', 're'],
  ])('%s', (marked, kind, typed) => {
    expect(wantedAt(...at(marked))).toMatchObject({ kind, typed });
  });

  it.each(['|', 'hi|', 'mail@exam|', '@commander run\nnext line|', '@commandeer |', 'an @ alone |'])(
    'nothing at %s',
    (marked) => {
      expect(wantedAt(...at(marked))).toBeUndefined();
    },
  );
});

describe('completed', () => {
  it.each([
    ['hi @an|', 'ana', 'hi @ana |'],
    ['hi @an| there', 'ana', 'hi @ana |there'],
    ['@commander r|', 'release 1.2.0', '@commander release 1.2.0|'],
    ['@commander r| now', 'report', '@commander report |now'],
  ])('%s with %s', (marked, insert, expected) => {
    const [text, caret] = at(marked);
    const wanted = wantedAt(text, caret);
    if (wanted === undefined) throw new Error('There is nothing to complete.');
    const next = completed(text, caret, wanted, insert);
    expect(`${next.text.slice(0, next.caret)}|${next.text.slice(next.caret)}`).toBe(expected);
  });
});

describe('fittingPeople', () => {
  const names = ['bo', 'ana', 'Anton', 'joana', 'Commander'];
  it('offers the bot first and once, then names that begin so, then names that contain it', () => {
    expect(fittingPeople(names, '')).toEqual(['commander', 'ana', 'Anton', 'bo', 'joana']);
    expect(fittingPeople(names, 'AN')).toEqual(['ana', 'Anton', 'joana']);
    expect(fittingPeople(names, 'com')).toEqual(['commander']);
  });
});

it.each([
  ['@commander help', true],
  ['please, @Commander: help', true],
  ['@commander', true],
  ['commander help', false],
  ['@commanders help', false],
  ['me@commander help', false],
])('addressesBot(%s) is %s', (text, addressed) => {
  expect(addressesBot(text)).toBe(addressed);
});
