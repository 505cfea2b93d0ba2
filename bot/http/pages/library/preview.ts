import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { html } from 'hono/html';
import { isText, kindOf } from '#core/run/output-kind.ts';
import { blobPlace } from '#core/run/places.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { revealText } from '#core/text/sanitise.ts';
import type { StoredOutput } from '#db/outputs/find-outputs.ts';
import { oneLine } from './pieces.ts';

/** Of a text on a page, in bytes from its beginning. */
const textShown = 64 * 1024;

/** A file as far as a page can show it without running anything of it. */
export async function preview(home: string, output: StoredOutput) {
  const { id, name, mediaType, size } = output;
  const href = `/outputs/${id}`;
  const label = oneLine(name);
  switch (kindOf(mediaType)) {
    case 'image':
      return html`<img class="preview" src="${href}" alt="${label}">`;
    case 'audio':
      return html`<audio class="preview" controls preload="metadata" src="${href}" aria-label="${label}"></audio>`;
    case 'video':
      return html`<video class="preview" controls preload="metadata" src="${href}" aria-label="${label}"></video>`;
    case 'website':
      return html`<iframe class="preview" sandbox src="${href}?as=page" title="${label}, as a page without any rights"></iframe>`;
    default:
      if (!isText(mediaType))
        return html`<p class="note">A page can not show this kind of file. Open or download it.</p>`;
      return textPreview(await beginning(join(home, blobPlace(output.sha256))), size);
  }
}

function textPreview(text: string, size: number) {
  const cut = size > textShown ? html`<p class="note">Only the first ${formatBytes(textShown)} are shown.</p>` : '';
  return html`${cut}<pre class="preview" tabindex="0" aria-label="Its text">${revealText(text)}</pre>`;
}

/** The beginning of a file, without a half character at its end. */
async function beginning(path: string): Promise<string> {
  await using file = await open(path);
  const bytes = Buffer.alloc(textShown);
  const { bytesRead } = await file.read(bytes, 0, textShown, 0);
  return new TextDecoder().decode(bytes.subarray(0, bytesRead), { stream: true });
}
