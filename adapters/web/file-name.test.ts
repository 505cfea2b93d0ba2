import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeName } from './file-name.ts';

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['..', 'file'],
  ['', 'file'],
  ['.bashrc', 'bashrc'],
  ['. .x', 'x'],
  ['a\u0000b\r\n.txt', 'ab .txt'],
  ['\u202egpj.exe', 'gpj.exe'],
  ['🎉 party 🎉.png', '🎉 party 🎉.png'],
  ['my report.pdf', 'my report.pdf'],
])('%j is stored as %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('a long name is cut at a whole character and keeps its ending', () => {
  const name = safeName(`${'🎉'.repeat(300)}.png`);
  expect(name).toMatch(/^(🎉)+\.png$/u);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
});

test('no name is a path, hidden, empty or too long for a file system', () => {
  const signs = fc.constantFrom('.', '/', '\\', '\0', '\n', ' ', '🎉', '\ud800', '\u202e', 'a');
  const name = fc.oneof(fc.string({ unit: signs, maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 400 }));
  fc.assert(
    fc.property(name, (given) => {
      const safe = safeName(given);
      expect(safe).not.toMatch(/[/\\\0-\x1f\x7f]|^\.|^$/);
      expect(safe.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
      expect(safeName(safe)).toBe(safe);
    }),
  );
});
