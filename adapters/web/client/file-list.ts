import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { formatBytes } from '#core/text/bytes.ts';
import { kindOf, typeName } from './file-kind.ts';
import { Icon } from './icons.ts';
import { Lightbox } from './lightbox.ts';
import { PagePreview } from './page-preview.ts';
import { TextPreview } from './text-preview.ts';

/** A file that can be shown: of a message or of a card. */
export interface ShownFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Above 1 it is said. */
  readonly version?: number;
  /** Where its bytes are; without it there is nothing to open. */
  readonly address: string | undefined;
}

/** Pictures as pictures, everything else as a line with type, size, preview and download. */
export function FileList({ files }: { files: readonly ShownFile[] }): ComponentChild {
  const [open, setOpen] = useState<number>();
  const pictures = files.filter((file) => kindOf(file) === 'picture' && file.address !== undefined);
  const others = files.filter((file) => !pictures.includes(file));
  return html`<div class="files">
    ${
      pictures.length > 0 &&
      html`<ul class="pictures">
        ${pictures.map(
          (file, index) => html`<li key=${file.id}>
            <button type="button" class="picture" aria-label=${`Open ${file.name}`} onClick=${() => setOpen(index)}>
              <img src=${file.address} alt=${file.name} loading="lazy" decoding="async" />
            </button>
            <span class="picture-name"><bdi title=${file.name}>${file.name}</bdi>${versionOf(file)} · ${formatBytes(file.size)}</span>
          </li>`,
        )}
      </ul>`
    }
    ${others.length > 0 && html`<ul class="chips">${others.map((file) => h(FileChip, { key: file.id, file }))}</ul>`}
    ${open !== undefined && h(Lightbox, { pictures, start: open, onClose: () => setOpen(undefined) })}
  </div>`;
}

function FileChip({ file }: { file: ShownFile }): ComponentChild {
  const [reading, setReading] = useState(false);
  const { name, address } = file;
  const kind = kindOf(file);
  return html`<li class="chip">
    <div class="chip-line">
      <span class="chip-icon" aria-hidden="true">${typeName(file).slice(0, 4)}</span>
      <span class="chip-words">
        <bdi class="chip-name" title=${name}>${name}</bdi>
        <span class="chip-facts">${typeName(file)} · ${formatBytes(file.size)}${versionOf(file)}</span>
      </span>
      ${
        (kind === 'text' || kind === 'page') &&
        address !== undefined &&
        html`<button
          type="button"
          class="quiet"
          aria-expanded=${reading}
          aria-label=${`Preview ${name}`}
          onClick=${() => setReading(!reading)}
        >
          Preview
        </button>`
      }
      ${
        kind === 'document' &&
        address !== undefined &&
        html`<a class="quiet" href=${address} target="_blank" rel="noopener noreferrer" aria-label=${`Open ${name}`}>Open</a>`
      }
      ${
        address !== undefined &&
        html`<a class="quiet" href=${address} download=${name} aria-label=${`Download ${name}`} title="Download"><${Icon} name="download" /></a>`
      }
    </div>
    ${reading && address !== undefined && h(kind === 'page' ? PagePreview : TextPreview, { address, name })}
  </li>`;
}

function versionOf({ version }: ShownFile): string {
  return version !== undefined && version > 1 ? ` · version ${version}` : '';
}
