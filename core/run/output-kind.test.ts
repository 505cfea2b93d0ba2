import { expect, it } from 'vitest';
import { kindOf } from './output-kind.ts';

it.each([
  ['application/pdf', 'pdf'],
  ['text/markdown', 'document'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'sheet'],
  ['text/csv', 'sheet'],
  ['image/svg+xml', 'image'],
  ['text/html', 'website'],
  ['text/x-diff', 'text'],
  ['application/octet-stream', 'other'],
])('%s is of the kind %s', (mediaType, kind) => {
  expect(kindOf(mediaType)).toBe(kind);
});
