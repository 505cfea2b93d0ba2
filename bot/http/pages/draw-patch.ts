import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { plainText, revealText } from '#core/text/sanitise.ts';
import { changedParts, type Parts } from './changed-part.ts';
import type { Hunk, PatchFile, PatchLine } from './read-patch.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Files are open as long as no more lines than this came before: a page of a large change is there at once, also on a phone. */
const openLines = 2000;

/** Of one line, in UTF-16 units: more is no longer read but searched, in the file itself. */
const lineShown = 2000;

/** The files of a patch, one below the other, each with an address of its own on the page (`fileAnchor`). */
export function drawPatch(files: readonly PatchFile[]): readonly Html[] {
  let before = 0;
  return files.map((file, index) => {
    const open = before < openLines;
    before += countLines(file);
    return drawFile(file, index, open);
  });
}

/** Where a file of the patch stands on the page. */
export function fileAnchor(index: number): string {
  return `file-${index + 1}`;
}

function drawFile(file: PatchFile, index: number, open: boolean): Html {
  const [added, removed] = [count(file, 'added'), count(file, 'removed')];
  return html`<details class="file" id="${fileAnchor(index)}" ${open ? 'open' : ''}>
<summary><h2>${plainText(file.path, { singleLine: true })}</h2>${drawCounts(added, removed)}</summary>
${file.notes.map((note) => html`<p class="note">${plainText(note, { singleLine: true })}</p>`)}
${file.hunks.length === 0 ? '' : html`<table><caption class="unseen">Changed lines</caption>${file.hunks.map(drawHunk)}</table>`}
</details>`;
}

/** Lines added and removed, in colour and in words. */
export function drawCounts(added: number, removed: number): Html {
  return html`<span class="counts"><ins>+${added}<span class="unseen"> lines added</span></ins> <del>−${removed}<span class="unseen"> removed</span></del></span>`;
}

function drawHunk(hunk: Hunk, index: number): Html {
  const parts = changedParts(hunk.lines);
  const first = hunk.lines[0];
  const where = `Line ${first?.after ?? first?.before ?? 0}${hunk.heading === '' ? '' : `, ${plainText(hunk.heading, { singleLine: true })}`}`;
  return html`<tbody>${index === 0 && hunk.heading === '' ? '' : html`<tr class="hunk"><td colspan="3"></td><td>${where}</td></tr>`}
${hunk.lines.map((line) => drawLine(line, parts.get(line)))}</tbody>`;
}

const signs = { same: '', added: '+', removed: '−', note: '' } as const;

/** Line numbers and signs are drawn by the style sheet, so that what is copied is code alone. */
function drawLine(line: PatchLine, parts: Parts | undefined): Html {
  const { kind, before, after } = line;
  const text =
    parts === undefined ? drawText(line.text) : parts.map((part, index) => drawPart(part, index === 1, kind));
  return html`<tr class="${kind}"><td data-n="${before ?? ''}"></td><td data-n="${after ?? ''}"></td><td data-n="${signs[kind]}"></td><td class="code">${text}</td></tr>
`;
}

function drawPart(part: string, changed: boolean, kind: PatchLine['kind']): Html | string {
  if (!changed || part === '') return revealText(part);
  return kind === 'added' ? html`<ins>${revealText(part)}</ins>` : html`<del>${revealText(part)}</del>`;
}

/** Nothing in it is hidden: what would not be seen, or would turn the direction of the line around, is written out. */
function drawText(text: string): string {
  if (text.length <= lineShown) return revealText(text);
  return `${revealText(text.slice(0, lineShown))} … and ${text.length - lineShown} more characters`;
}

function count({ hunks }: PatchFile, kind: PatchLine['kind']): number {
  return hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0);
}

function countLines({ hunks }: PatchFile): number {
  return hunks.reduce((sum, { lines }) => sum + lines.length, 0);
}
