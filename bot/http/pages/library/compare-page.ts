import type { Context } from 'hono';
import { html } from 'hono/html';
import { isText, kindOf } from '#core/run/output-kind.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { type StoredOutput, storedOutput } from '#db/outputs/find-outputs.ts';
import { compareTexts } from '#workers/outputs/compare-texts.ts';
import type { Application } from '../../../application.ts';
import { openOutput } from '../../../open-output.ts';
import { drawPatch } from '../draw-patch.ts';
import { showPage } from '../page.ts';
import { pageViewer } from '../page-viewer.ts';
import { readPatch } from '../read-patch.ts';
import { libraryAllows, moment, oneLine, versionOf } from './pieces.ts';

/** Bytes of a text that is compared line by line. */
const comparedBytes = 2 * 1024 * 1024;
/** Lines that a page shows. */
const shownLines = 20_000;

/** Two outputs beside each other: texts line by line, pictures side by side, anything else by size and checksum. */
export async function comparePage(context: Context, application: Application): Promise<Response> {
  const eyes = pageViewer(context);
  const [before, after] = await Promise.all(
    ['id', 'other'].map((part) => storedOutput(application.db, context.req.param(part) ?? '', eyes)),
  );
  if (before === undefined || after === undefined) return context.text('There is no such file.', 404);
  const kept = await Promise.all([before, after].map(({ id }) => openOutput(application, id, eyes)));
  const gone = kept.includes(undefined);
  const body = html`${facts(before, after)}${gone ? html`<p class="note" role="note">The bytes of one of them are no longer kept.</p>` : await contents(application.home, before, after)}`;
  const name = oneLine(after.name);
  const top = html`<a href="/library/${after.id}">← ${name}</a> <p><span>${oneLine(after.project.name)}</span></p>`;
  return showPage(context, {
    title: `Versions of ${name}`,
    heading: `Versions of ${name}`,
    top,
    body,
    allows: libraryAllows,
  });
}

function facts(before: StoredOutput, after: StoredOutput) {
  const side = (title: string, output: StoredOutput) =>
    html`<tr><th scope="row">${title}</th><td><a href="/library/${output.id}">${versionOf(output)}</a></td><td>${moment(output.madeAt)}</td><td>${formatBytes(output.size)}</td><td><code>${output.sha256.slice(0, 12)}</code></td></tr>`;
  const same = before.sha256 === after.sha256;
  return html`<div class="wide" tabindex="0" role="region" aria-label="The two versions"><table class="sides"><thead><tr><td></td><th scope="col">Version</th><th scope="col">Made</th><th scope="col">Size</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${side('Before', before)}${side('After', after)}</tbody></table></div>
<p class="summary" role="status">${same ? 'Both are the same, byte for byte.' : 'They differ.'}</p>`;
}

async function contents(home: string, before: StoredOutput, after: StoredOutput) {
  if (before.sha256 === after.sha256) return '';
  const images = [before, after].every(({ mediaType }) => kindOf(mediaType) === 'image');
  if (images) return html`<div class="beside">${[before, after].map(picture)}</div>`;
  const texts = [before, after].every(({ mediaType, size }) => isText(mediaType) && size <= comparedBytes);
  if (!texts)
    return html`<p class="note">Only texts of up to ${formatBytes(comparedBytes)} and pictures can be compared here by what is in them.</p>`;
  const { patch, cut } = await compareTexts(home, before.sha256, after.sha256);
  const lines = patch.split('\n', shownLines + 1);
  const files = readPatch(lines.slice(0, shownLines).join('\n')).map((file) => ({
    ...file,
    path: after.name,
    notes: [],
  }));
  const short = cut || lines.length > shownLines;
  return html`${short ? html`<p class="note" role="note">This is a large change: only its beginning is shown.</p>` : ''}${drawPatch(files)}`;
}

function picture(output: StoredOutput) {
  const words = versionOf(output);
  return html`<figure><img src="/outputs/${output.id}" alt="${words}"><figcaption>${words}</figcaption></figure>`;
}
