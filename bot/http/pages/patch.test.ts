import { describe, expect, it } from 'vitest';
import { changedParts } from './changed-part.ts';
import { drawPatch } from './draw-patch.ts';
import { readPatch } from './read-patch.ts';

const patch = `diff --git a/VERSION b/VERSION
index 1cc5f65..867e524 100644
--- a/VERSION
+++ b/VERSION
@@ -1,2 +1,3 @@ function release()
 same
-1.1.0
+1.2.0
+--- a/fake
\\ No newline at end of file
`;

const drawn = async (text: string) => (await Promise.all(drawPatch(readPatch(text)))).join('');

describe('readPatch', () => {
  it('reads lines with their numbers, and takes nothing within a file for a head', () => {
    const [file, ...more] = readPatch(patch);
    expect(more).toEqual([]);
    expect(file).toEqual({
      path: 'VERSION',
      notes: [],
      hunks: [
        {
          heading: 'function release()',
          lines: [
            { kind: 'same', text: 'same', before: 1, after: 1 },
            { kind: 'removed', text: '1.1.0', before: 2 },
            { kind: 'added', text: '1.2.0', after: 2 },
            { kind: 'added', text: '--- a/fake', after: 3 },
            { kind: 'note', text: 'No newline at end of file' },
          ],
        },
      ],
    });
  });

  it.each([
    ['a new file', 'diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x', 'n'],
    ['a deleted one', 'diff --git a/n b/n\ndeleted file mode 100644\n--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-x', 'n'],
    [
      'a renamed one',
      'diff --git a/old b/new name\nsimilarity index 100%\nrename from old\nrename to new name',
      'new name',
    ],
    ['a binary one', 'diff --git a/a b.png b/a b.png\nBinary files a/a b.png and b/a b.png differ', 'a b.png'],
    ['a new mode only', 'diff --git a/x b/y b/x b/y\nold mode 100644\nnew mode 100755', 'x b/y'],
    ['a space', 'diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-x\n+y', 'a b'],
    ['quotes and controls', 'diff --git "a/q\\"\\001\\t" "b/q\\"\\001\\t"\nold mode 1\nnew mode 2', 'q"\x01\t'],
    ['other letters', 'diff --git a/größe 🍓 b/größe 🍓\nold mode 100644\nnew mode 100755', 'größe 🍓'],
  ])('knows the name of %s', (_, text, path) => {
    expect(readPatch(text).map((file) => file.path)).toEqual([path]);
  });

  it('takes any text, also one that is cut anywhere', () => {
    for (let end = 0; end < patch.length; end += 1) expect(readPatch(patch.slice(0, end)).length).toBeLessThan(2);
    expect(readPatch('+stray\n@@ -1 +1 @@\n')).toEqual([]);
  });
});

describe('changedParts', () => {
  const partsOf = (...texts: string[]) => [
    ...changedParts(
      texts.map((text) => ({
        kind: text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'same',
        text: text.slice(1),
      })),
    ).values(),
  ];

  it('marks the middle of lines that took the place of as many others', () => {
    expect(partsOf(' x', '-version 1.1.0', '+version 1.2.0')).toEqual([
      ['version 1.', '1', '.0'],
      ['version 1.', '2', '.0'],
    ]);
  });

  it('marks nothing where lines have little in common, or their number changed', () => {
    expect(partsOf('-one thing', '+entirely other')).toEqual([]);
    expect(partsOf('-a long line', '+a long lines', '+b')).toEqual([]);
  });

  it('never cuts a character in two', () => {
    for (const part of partsOf('-berry 🍓 berry', '+berry 🍋 berry').flat()) expect(part.isWellFormed()).toBe(true);
  });
});

describe('drawPatch', () => {
  it('draws what a file says as text, whatever it says', async () => {
    const page = await drawn(
      'diff --git a/<b> b/<b>\n--- a/<b>\n+++ b/<b>\n@@ -1 +1 @@ <script>\n-<img src=x onerror=1>\n+"\'</td>',
    );
    expect(page).not.toMatch(/<(?:b|img|script)\b|<\/td>"/);
    expect(page).toContain('&lt;img src=x onerror=1&gt;');
  });

  it('hides nothing: direction overrides and control characters are written out', async () => {
    const page = await drawn(
      'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+if (a \u202e\u2066// ok\u2069) {\x1b[2K',
    );
    expect(page).toContain('\\u{202e}\\u{2066}// ok\\u{2069}) {\\x1b[2K');
  });

  it('cuts a line that nobody reads, and closes the files after very many lines', async () => {
    const lines = (name: string, count: number) =>
      `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -0,0 +1,${count} @@\n${'+x\n'.repeat(count)}`;
    const page = await drawn(`${lines('a', 2001)}${lines('b', 1)}`);
    expect(page.match(/<details class="file" id="file-\d" (?:open)?>/g)).toEqual([
      '<details class="file" id="file-1" open>',
      '<details class="file" id="file-2" >',
    ]);
    expect(await drawn(`diff --git a/x b/x\n@@ -0,0 +1 @@\n+${'y'.repeat(2500)}`)).toContain(
      '… and 500 more characters',
    );
  });
});
