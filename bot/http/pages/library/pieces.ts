import { html } from 'hono/html';
import { kindOf } from '#core/run/output-kind.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { formatMoment } from '#core/text/moment.ts';
import { plainText } from '#core/text/sanitise.ts';
import type { StoredOutput } from '#db/outputs/find-outputs.ts';

/** What pages of the library may show of our own, and send to: files as pictures, sound, film and frames, and their own form. */
export const libraryAllows = "img-src 'self'; media-src 'self'; frame-src 'self'; form-action 'self'";

/** Words of others as one line. */
export function oneLine(text: string): string {
  return plainText(text, { singleLine: true, maxLength: 200 });
}

/** A moment, also for machines. */
export function moment(at: string) {
  return html`<time datetime="${at}">${formatMoment(at)}</time>`;
}

/** What a file is, in few words. */
export function sortOf({ mediaType, size }: StoredOutput): string {
  return `${kindOf(mediaType)}, ${formatBytes(size)}`;
}

/** Which version of what: `version 2 of #12`. */
export function versionOf({ version, task }: StoredOutput): string {
  return `version ${version} of #${task.number}`;
}
