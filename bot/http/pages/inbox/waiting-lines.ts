import { html } from 'hono/html';
import type { Block } from '#core/chat/card.ts';
import { type InboxLine, type InboxRow, kindWords, togetherBlocks } from '#core/show/inbox.ts';
import type { TaskRow } from '#core/show/task-list.ts';
import { plural } from '#core/text/plural.ts';
import { type DirectButton, directButtons, drawBlocks } from '../draw-card.ts';
import { moment, oneLine } from '../library/pieces.ts';

/** Lines that a page shows; what more there is, filters find. */
const lineLimit = 60;

/** What waits for people, each as its thread shows it, with the answers that need no form; `bound` are the lines that have one answer, `to` is where answers are sent. */
export function waitingLines(lines: readonly InboxLine[], bound: ReadonlyMap<string, string>, to: string) {
  if (lines.length === 0) return '';
  const more = lines.length - lineLimit;
  return html`<ul class="waiting">${lines.slice(0, lineLimit).map((rows) => waitingLine(rows, bound, to))}</ul>
${more > 0 ? html`<p>and ${more} more: narrow the list to see them.</p>` : ''}`;
}

function waitingLine(rows: InboxLine, bound: ReadonlyMap<string, string>, to: string) {
  const [row] = rows;
  const together = togetherBlocks(rows, bound);
  const buttons = directButtons(rows.length === 1 ? (row.card?.blocks ?? []) : together);
  return html`<li><h2>${rows.length === 1 ? subject(row) : `${plural(rows.length, row.number === undefined ? 'request' : 'task')} ask the same`}</h2>
<p class="note">${kindWords[row.kind]}${row.project === undefined ? '' : ` in ${oneLine(row.project)}`} · waits since ${moment(row.askedAt)}${row.until === undefined ? '' : html` · until ${moment(row.until)}`}</p>
${rows.length === 1 ? '' : subjects(rows)}
${row.card === undefined ? html`<p>${oneLine(row.text)}</p>` : drawBlocks(row.card.blocks.filter(isNoAnswer))}
<div class="answers">${buttons.map((button) => answer(button, to, row))}${rows.length === 1 ? threadLink(row) : ''}</div></li>`;
}

function isNoAnswer({ kind }: Block): boolean {
  return kind !== 'buttons';
}

/** Rows of a line that are named at once. */
const namedInLine = 5;

function subjects(rows: InboxLine) {
  const list = (some: readonly InboxRow[]) => html`<ul>${some.map((each) => html`<li>${subject(each)}</li>`)}</ul>`;
  const more = rows.slice(namedInLine);
  return html`${list(rows.slice(0, namedInLine))}${more.length === 0 ? '' : html`<details class="more"><summary>and ${more.length} more</summary>${list(more)}</details>`}`;
}

function subject({ number, title, threadHref }: InboxRow) {
  const words = number === undefined ? `“${oneLine(title)}”` : `#${number} ${oneLine(title)}`;
  const href = threadHref ?? (number === undefined ? undefined : `/tasks/${number}`);
  return href === undefined ? words : html`<a href="${href}">${words}</a>`;
}

function threadLink(row: InboxRow) {
  const { threadHref } = row;
  return threadHref === undefined
    ? ''
    : html`<a href="${threadHref}">Open its thread<span class="unseen"> (${nameOf(row)})</span></a>`;
}

/** An answer that takes something away is asked once more: the button opens what is said before it, and the answer itself. */
function answer({ label, action, style, confirm }: DirectButton, to: string, row: InboxRow) {
  const form = (words: string) =>
    html`<form method="post" action="${to}"><button type="submit" name="action" value="${action}" class="${style ?? ''}">${words}<span class="unseen"> (${nameOf(row)})</span></button></form>`;
  if (confirm === undefined) return form(label);
  return html`<details><summary>${label}…<span class="unseen"> (${nameOf(row)})</span></summary><p>${confirm.text}</p>${form(confirm.yes)}</details>`;
}

/** What tells one answer from the same one of something else, for who does not see where it stands. */
function nameOf({ number, title }: InboxRow): string {
  return number === undefined ? oneLine(title) : `#${number}`;
}

/** Tasks that wait for something else than a person. */
export function otherRows(rows: readonly TaskRow[]) {
  if (rows.length === 0) return '';
  return html`<h2>${plural(rows.length, 'task')} ${rows.length === 1 ? 'waits' : 'wait'} for something else</h2>
<ul class="waiting">${rows.map(otherRow)}</ul>`;
}

function otherRow({ number, title, project, requester, because, threadHref = `/tasks/${number}` }: TaskRow) {
  return html`<li class="held"><h2><a href="${threadHref}">#${number} ${oneLine(title)}</a></h2>
<p>${oneLine(because.text)}</p>
<p class="note">${oneLine(project)} · asked for by ${oneLine(requester)} · since ${moment(because.since)}</p></li>`;
}
