import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fixedPart, isInScope } from './scope.ts';

it.each([
  ['src/auth/*.ts', 'src/auth'],
  ['src/auth/', 'src/auth'],
  ['src/a.ts', 'src/a.ts'],
  ['src/au*/x', 'src'],
  ['*.md', ''],
  ['**', ''],
])('everything in %s lies in “%s”', (entry, folder) => {
  expect(fixedPart(entry)).toBe(folder);
});

it.each([
  ['src/auth/a.ts', ['src/auth/*.ts'], true],
  ['src/auth/deep/a.ts', ['src/auth/*.ts'], false],
  ['src/auth/deep/a.ts', ['src/auth/**/*.ts'], true],
  ['src/auth.ts', ['src/auth'], false],
  ['src/auth/x', ['docs', 'src/auth/'], true],
  ['README.md', ['*.md'], true],
  ['docs/README.md', ['*.md'], false],
  ['anything', [], true],
])('%s in %j: %s', (path, scope, is) => {
  expect(isInScope(path, scope)).toBe(is);
});

it('a scope with one more path holds no less', () => {
  const path = fc.array(fc.constantFrom('src', 'a', 'b.ts', '*', '**', 'x?'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(path, fc.array(path, { minLength: 1, maxLength: 4 }), path, (file, scope, more) => {
      const [name, entries] = [file.join('/'), scope.map((parts) => parts.join('/'))];
      if (isInScope(name, entries)) expect(isInScope(name, [...entries, more.join('/')])).toBe(true);
      expect(isInScope(name, [name])).toBe(true);
    }),
  );
});
