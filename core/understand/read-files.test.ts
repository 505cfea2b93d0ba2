import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInScope } from '../project-file/scope.ts';
import { readFiles, scopeOfFiles } from './read-files.ts';

describe('files: in a request', () => {
  it.each([
    ['mend the login files: src/auth/*.ts', ['src/auth/*.ts'], 'mend the login'],
    ['files: src/auth/*.ts mend the login', ['src/auth/*.ts'], 'mend the login'],
    ['files: src/a.ts, src/b.ts mend both', ['src/a.ts', 'src/b.ts'], 'mend both'],
    ['files: src/a.ts, mend the login', ['src/a.ts'], ', mend the login'],
    ['mend it (files: src, docs)', ['src', 'docs'], 'mend it ( )'],
    ['mend it, files: src, docs', ['src', 'docs'], 'mend it,'],
    ['mend it files: "my notes/*.md" and src/x', ['my notes/*.md', 'src/x'], 'mend it'],
    ['mend it files: „my notes/*.md“ and «src/x»', ['my notes/*.md', 'src/x'], 'mend it'],
    ['mend it files: `src/**`, `README.md`.', ['src/**', 'README.md'], 'mend it .'],
    ['Files: package.json. Then stop', ['package.json'], '. Then stop'],
    ['file:README.md fix the typo', ['README.md'], 'fix the typo'],
    ['files: src/a.ts README.md fix the typo', ['src/a.ts', 'README.md'], 'fix the typo'],
    ['mend it files: ../secret', ['../secret'], 'mend it'],
    ['list all files: please', ['please'], 'list all'],
    ['which files: ', [], 'which files:'],
    ['look at profiles: src/a', [], 'look at profiles: src/a'],
  ])('%j names %j', (text, files, rest) => {
    const read = readFiles(text);
    expect(read.files).toEqual(files);
    expect(read.rest.replaceAll(/\s+/g, ' ').trim()).toBe(rest);
  });

  it('keeps every other word, whatever is said, in time that grows with the length only', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('files:', ',', 'and', '"', '`', 'src/a', '*', ' ', '\n'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join(' ');
        const { files, rest } = readFiles(text);
        for (const file of files) expect(text).toContain(file);
        if (files.length === 0) expect(rest).toBe(text);
        expect(rest.length).toBeLessThanOrEqual(text.length + 1);
      }),
    );
    expect(readFiles(`files: ${'a/b, '.repeat(50_000)}${' '.repeat(50_000)}`).files.length).toBeGreaterThan(50);
  });
});

describe('the scope that files name', () => {
  it.each([
    [['./src//auth/*.ts', 'src/auth/*.ts'], ['src/auth/*.ts']],
    [['app/[id]/page.tsx'], ['app/[id]/page.tsx']],
    [['..hidden/a'], ['..hidden/a']],
  ])('of %j is %j', (files, scope) => {
    expect(scopeOfFiles(files)).toEqual({ ok: true, scope });
  });

  it.each([
    ['../secret', 'not inside the project'],
    ['src/../../x', 'not inside the project'],
    ['./../x', 'not inside the project'],
    ['/etc/passwd', 'not inside the project'],
    ['~/keys', 'not inside the project'],
    ['C:\\work', 'not inside the project'],
    ['src\\auth', 'between folders'],
    ['.', 'whole project'],
    ['https://example.org/a', 'an address'],
    ['.git/config', 'git’s own'],
    ['src/{a,b}.ts', 'braces'],
    ['a'.repeat(501), 'more than 500'],
  ])('%j is refused: %s', (path, words) => {
    expect(scopeOfFiles([path])).toEqual({ ok: false, problems: [expect.stringContaining(words)] });
  });

  it('only narrows what a runbook works on', () => {
    expect(scopeOfFiles(['src/auth/*.ts'], ['src', 'docs'])).toMatchObject({ ok: true });
    expect(scopeOfFiles(['docs/a.md'], ['docs/*.md'])).toMatchObject({ ok: true });
    expect(scopeOfFiles(['test/a.ts'], ['src', 'docs'])).toEqual({
      ok: false,
      problems: ['“test/a.ts” is not part of what that works on: “src” and “docs”.'],
    });
    expect(scopeOfFiles(['srcs'], ['src'])).toMatchObject({ ok: false });
    expect(scopeOfFiles(['**/*.ts'], ['src'])).toMatchObject({ ok: false });
  });

  it('never leads out of the project, and holds what it names', () => {
    const part = fc.constantFrom('src', 'a.ts', '..', '.', '', '*', '**', '~', 'x y', '.git');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const read = scopeOfFiles([parts.join('/')]);
        if (!read.ok) return;
        for (const path of read.scope) {
          expect(path.startsWith('/')).toBe(false);
          expect(path.split('/')).not.toContain('..');
          expect(isInScope(path, read.scope)).toBe(true);
        }
      }),
    );
  });
});
