import fc from 'fast-check';
import { expect, it } from 'vitest';
import { choiceOf, chosenPaths } from './file-choice.ts';

const paths = fc.uniqueArray(fc.oneof(fc.string({ minLength: 1, maxLength: 200 }), fc.constantFrom('a\nb', 'a')), {
  maxLength: 8,
});

it('a file of any name is chosen as itself, and fits every platform', () => {
  fc.assert(
    fc.property(paths, fc.nat(), (all, seed) => {
      const wanted = all.filter((_, index) => ((seed >> index) & 1) === 1);
      const choices = wanted.map(choiceOf);
      for (const choice of choices) expect(choice.length).toBeLessThanOrEqual(75);
      expect(chosenPaths(all, choices.join('\n'))).toEqual(wanted);
    }),
  );
});

it('what was not offered can not be chosen', () => {
  expect(chosenPaths(['src/a.ts'], '../../etc/passwd\n')).toEqual([]);
});
