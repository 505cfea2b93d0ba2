import { expect, it } from 'vitest';
import { unquote } from './quotes.ts';

it.each(['"a b"', "'a b'", '`a b`', '“a b”', '„a b“', '”a b”', '‘a b’', '‚a b‘', '«a b»', '« a b »', '»a b«', '‹a b›'])(
  'takes the quotation marks off %s',
  (text) => {
    expect(unquote(text)).toBe('a b');
  },
);

it.each(['a b', '"a b', 'a b”', '“a b»', '"', '""', ''])('leaves %s as it is', (text) => {
  expect(unquote(text)).toBe(text);
});
