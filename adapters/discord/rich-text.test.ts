import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markdownOf } from './rich-text.ts';

const link = (href: string) => markdownOf([{ kind: 'link', text: 'it', href: 'x' }], () => href);

it('an address is one whatever is in it, and what is encoded already stays so', () => {
  expect(link('https://a.example/o%2Fp?q=a%26b')).toBe('[it](https://a.example/o%2Fp?q=a%26b)');
  expect(link('https://a.example/a (1).txt')).toBe('[it](https://a.example/a%20%281%29.txt)');
  expect(link('https://a.example/100%')).toBe('[it](https://a.example/100%25)');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      expect(link(path)).toMatch(/^\[it\]\([!-'*-~]*\)$/);
    }),
  );
});
