import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUses, useWords } from './read-uses.ts';

describe('the earlier outputs that a request names', () => {
  it.each([
    ['summarise it with report.pdf of #12', [{ task: 12, name: 'report.pdf' }], 'summarise it'],
    ['summarise report.pdf of #12, in German', [{ task: 12, name: 'report.pdf' }], 'summarise report.pdf, in German'],
    ['compare with a.pdf version 2 of #12', [{ task: 12, name: 'a.pdf', version: 2 }], 'compare'],
    ['use output #12 report.pdf', [{ task: 12, name: 'report.pdf' }], ''],
    ['translate, using the outputs of #7.', [{ task: 7 }], 'translate.'],
    [
      'compare with „my report.pdf“ and b.csv from task #3',
      [
        { task: 3, name: 'my report.pdf' },
        { task: 3, name: 'b.csv' },
      ],
      'compare',
    ],
    [
      'merge a.csv of #1 with b.csv of #2',
      [
        { task: 1, name: 'a.csv' },
        { task: 2, name: 'b.csv' },
      ],
      'merge a.csv',
    ],
  ])('“%s”', (text, uses, rest) => {
    expect(readUses(text)).toEqual({ uses, rest });
  });

  it.each(['run the tests after #12', 'fix #12', 'report of #12', 'use the tests', 'with report.pdf'])(
    'are none in “%s”',
    (text) => {
      expect(readUses(text)).toEqual({ uses: [], rest: text });
    },
  );

  it('are said so that they are read as the same', () => {
    const name = fc.oneof(fc.stringMatching(/^[^"\n\s][^"\n]{0,30}$/u), fc.stringMatching(/^[^“”\n\s][^“”\n]{0,30}$/u));
    const use = fc.oneof(
      fc.record({ task: fc.nat({ max: 999 }) }),
      fc.record({ task: fc.nat({ max: 999 }), name, version: fc.integer({ min: 1, max: 99 }) }),
    );
    fc.assert(
      fc.property(fc.array(use, { maxLength: 5 }), (uses) => {
        const named = uses.filter((each) => 'name' in each);
        const whole = uses.filter((each) => !('name' in each));
        expect(readUses(`run the tests ${useWords(uses)}`)).toEqual({
          uses: [...named, ...whole],
          rest: expect.stringMatching(/^run the tests\s*$/),
        });
      }),
    );
  });

  it('are found in any text, quickly and without losing the rest', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000, unit: 'grapheme' }), (text) => {
        expect(readUses(text).rest.length).toBeLessThanOrEqual(text.length);
      }),
    );
    expect(readUses('use the '.repeat(1000)).uses).toEqual([]);
    expect(readUses(`${'a.b, '.repeat(400)}of #1`).uses.length).toBeLessThanOrEqual(10);
  });
});
