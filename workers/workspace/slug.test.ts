import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slugOf } from './slug.ts';
import { branchOf } from './source.ts';

it.each([
  ['Fix the login page', 'fix-the-login-page'],
  ['Größe ändern: über Ñandú', 'grosse-andern-uber-nandu'],
  ['  --help; rm -rf / ', 'help-rm-rf'],
  ['🚀🚀', 'task'],
  ['', 'task'],
  ['a'.repeat(60), 'a'.repeat(40)],
  ['release the very long title that nobody would ever read to its end', 'release-the-very-long-title-that-nobody'],
])('%j becomes %j', (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

it('is always a safe part of a branch name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (title) => {
      const slug = slugOf(title);
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThanOrEqual(40);
      expect(branchOf(`commander/1-${slug}`)).toBe(`commander/1-${slug}`);
    }),
  );
});
