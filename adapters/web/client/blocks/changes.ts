import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import type { ChangeLine } from '#core/chat/card.ts';
import { plural } from '#core/text/plural.ts';

const letters: Record<ChangeLine['status'], string> = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R' };

/** Changed files with their counts of lines; `more` files are not listed. */
export function ChangesBlock({ files, more }: { files: readonly ChangeLine[]; more: number }): ComponentChild {
  return html`<ul class="changes">
    ${files.map(
      ({ path, status, added, removed }) => html`<li>
        <span class=${`change change-${status}`} title=${status} aria-label=${status} role="img">${letters[status]}</span>
        <bdi class="path" title=${path}>${headOf(path)}<span>${nameOf(path)}</span></bdi>
        <span class="counts">
          <span class="plus" aria-label=${`${plural(added, 'line')} added`} role="img">+${added}</span>
          <span class="minus" aria-label=${`${plural(removed, 'line')} removed`} role="img">−${removed}</span>
        </span>
      </li>`,
    )}
    ${more > 0 && html`<li class="changes-more">and ${plural(more, 'more file', 'more files')}</li>`}
  </ul>`;
}

/** The folders of a path, with the last slash. */
function headOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
