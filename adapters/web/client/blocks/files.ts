import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import type { CardFile } from '#core/chat/card.ts';
import { FileList } from '../file-list.ts';
import { targetOf } from '../link.ts';

/** The files that a task produced. Their addresses are paths of this site; any other is not followed. */
export function FilesBlock({ files }: { files: readonly CardFile[] }): ComponentChild {
  const shown = files.map(({ outputId, name, mediaType, size, version, href }) => ({
    id: outputId,
    name,
    mediaType,
    size,
    version,
    address: targetOf(href)?.origin === location.origin ? href : undefined,
  }));
  return html`<div class="card-files">${h(FileList, { files: shown })}</div>`;
}
