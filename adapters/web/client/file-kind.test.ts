import { expect, it } from 'vitest';
import { kindOf, typeName } from './file-kind.ts';

it.each([
  ['a.png', 'image/png', 10, 'picture'],
  ['a.svg', 'image/svg+xml', 10, 'picture'],
  ['notes.md', 'text/markdown', 10, 'text'],
  ['notes.md', 'application/octet-stream', 10, 'text'],
  ['data.json', 'application/json; charset=utf-8', 10, 'text'],
  ['log.txt', 'text/plain', 300_000, 'other'],
  ['empty.txt', 'text/plain', 0, 'other'],
  ['report.pdf', 'application/pdf', 10, 'document'],
])('%s (%s, %i bytes) is shown as %s', (name, mediaType, size, kind) => {
  expect(kindOf({ name, mediaType, size })).toBe(kind);
});

it.each([
  ['report.pdf', 'application/pdf', 'PDF'],
  ['Makefile', 'text/x-makefile', 'X-MAKEFILE'],
  ['thing', 'application/octet-stream', 'File'],
  ['a.verylongending', 'text/plain', 'PLAIN'],
  ['<img src=x>', '', 'File'],
])('the type of %s (%s) is called %s', (name, mediaType, type) => {
  expect(typeName({ name, mediaType })).toBe(type);
});
