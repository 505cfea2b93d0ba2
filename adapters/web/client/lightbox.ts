import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.ts';
import type { ShownFile } from './file-list.ts';
import { Icon } from './icons.ts';

interface LightboxProps {
  readonly pictures: readonly ShownFile[];
  /** The one to begin with. */
  readonly start: number;
  readonly onClose: () => void;
}

/** Pictures as large as the window; arrow keys go through those of one message. */
export function Lightbox({ pictures, start, onClose }: LightboxProps): ComponentChild {
  const [at, setAt] = useState(start);
  const picture = pictures[at];
  if (picture === undefined) return null;
  const step = (by: number) => setAt((now) => (now + by + pictures.length) % pictures.length);
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
  };
  return h(
    Dialog,
    { title: picture.name, onClose, kind: 'picture' },
    html`<div class="lightbox" onKeyDown=${keys}>
      <img src=${picture.address} alt=${picture.name} />
      <footer>
        ${pictures.length > 1 && html`<button type="button" class="button" data-first onClick=${() => step(-1)}>Previous</button>`}
        ${pictures.length > 1 && html`<span aria-live="polite">${at + 1} of ${pictures.length}</span>`}
        ${pictures.length > 1 && html`<button type="button" class="button" onClick=${() => step(1)}>Next</button>`}
        <a class="button" href=${picture.address} download=${picture.name}><${Icon} name="download" /> Download</a>
      </footer>
    </div>`,
  );
}
