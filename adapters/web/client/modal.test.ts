import { expect, it } from 'vitest';
import type { ModalField } from '#core/chat/modal.ts';
import { missingOf, valuesOf } from './modal.ts';

const fields: readonly ModalField[] = [
  { kind: 'text', name: 'words', label: 'Your words' },
  { kind: 'text', name: 'note', label: 'Note', optional: true },
  { kind: 'checkboxes', name: 'files', label: 'Files', options: [], values: [] },
];

it('gives texts as they are and chosen boxes one a line', () => {
  const data = new FormData();
  data.append('words', ' as it is ');
  data.append('note', '');
  data.append('files', 'a');
  data.append('files', 'b');
  expect(valuesOf(fields, data)).toEqual({ words: ' as it is ', note: '', files: 'a\nb' });
});

it('asks for texts that are not optional', () => {
  expect(missingOf(fields, { words: '  ', note: '', files: '' })).toEqual({ words: 'Please fill in “Your words”.' });
  expect(missingOf(fields, { words: 'x', note: '', files: '' })).toEqual({});
});

it('waits for files that are still on their way, and asks for those that must be there', () => {
  const file: ModalField = { kind: 'file', name: 'cover', label: 'Cover' };
  expect(missingOf([file], { cover: '' })).toEqual({ cover: 'Please add “Cover”.' });
  expect(missingOf([{ ...file, optional: true }], { cover: '' })).toEqual({});
  expect(Object.keys(missingOf([file], { cover: 'an-id\n-' }))).toEqual(['cover']);
  expect(missingOf([file], { cover: 'an-id' })).toEqual({});
});
