import { expect, it } from 'vitest';
import { plural } from './plural.ts';

it('gives one thing its singular and any other count the plural', () => {
  expect(plural(1, 'file')).toBe('1 file');
  expect(plural(0, 'file')).toBe('0 files');
  expect(plural(2, 'entry', 'entries')).toBe('2 entries');
});
