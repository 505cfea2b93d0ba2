import { expect, it } from 'vitest';
import { isSameEdit } from './same-edit.ts';
import type { KnownCall } from './tool-calls.ts';

function edit(more: Partial<KnownCall>): KnownCall {
  return { toolCallId: 'c', title: 'Edit', kind: 'edit', ...more };
}

function diff(newText: string, oldText?: string): KnownCall {
  return edit({ content: [{ type: 'diff', path: 'a', newText, oldText: oldText ?? null }] });
}

const patch = ['--- a', '+++ a', '@@ -1,2 +1,2 @@', ' one', '-two', '+2', '@@ -4 +4,2 @@', ' four', '+five', ''].join(
  '\n',
);
const before = 'one\ntwo\nthree\nfour\n';

it.each<[string, KnownCall, string, string]>([
  ['a file that was not there', diff('b'), '', 'b'],
  ['the whole of it before and after', diff('b', 'a'), 'a', 'b'],
  ['a place in it', diff('2', 'two'), before, 'one\n2\nthree\nfour\n'],
  ['what looks like a pattern of a replacement', diff('$&', 'two'), 'two', '$&'],
  ['its content', edit({ rawInput: { content: 'b' } }), 'x', 'b'],
  ['a patch', edit({ rawInput: { diff: patch } }), before, 'one\n2\nthree\nfour\nfive\n'],
  ['a patch of a new file', edit({ rawInput: { diff: '@@ -0,0 +1,2 @@\n+a\n+b\n' } }), '', 'a\nb\n'],
])('an edit that was shown as %s is known again, and no other', (_, call, old, after) => {
  expect(isSameEdit(call, old, after)).toBe(true);
  for (const other of [`${after}evil`, `evil${after}`, after.slice(1), ''])
    expect(isSameEdit(call, old, other), other).toBe(false);
});

it('what was shown as a new file is not the edit of one that holds something', () => {
  for (const call of [diff('b'), diff('b', '')]) expect(isSameEdit(call, 'x', 'b')).toBe(false);
  const twice = [...(diff('b', 'x').content ?? []), ...(diff('c').content ?? [])];
  expect(isSameEdit(edit({ content: twice }), 'x', 'c')).toBe(false);
});

it('what does not fit the file, or says nothing of what it changes, is no edit of it', () => {
  const changed = edit({ rawInput: { diff: patch } });
  for (const old of ['', 'one\n2\nthree\nfour\n', 'one'])
    expect(isSameEdit(changed, old, 'one\n2\nthree\nfour\nfive\n')).toBe(false);
  for (const rawInput of [undefined, {}, { diff: 'nonsense' }, { diff: '@@ -9 +9 @@\n-a\n+b' }, { content: 7 }])
    expect(isSameEdit(edit({ rawInput }), 'a', 'b')).toBe(false);
});
