/** What is known of a stored file. */
export interface GivenFile {
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** What browsers show by themselves without running anything of it: pictures of dots, and documents in the browser's own viewer. */
const shown = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf']);

/** A page of a stranger may look as it says by itself; it runs nothing, loads nothing, sends nothing and is in frames of ours only. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; frame-ancestors 'self'; sandbox";

/**
 * The headers of an HTTP answer that gives out a file of a stranger: shown when a browser can do so safely, else only to be
 * saved; never guessed to be something else, never run as a page of ours, and no part of another site's pages. `wanted` is what
 * the address asks for: `page` shows an HTML file in a frame, as a page without any rights.
 */
export function fileHeaders({ name, mediaType, size }: GivenFile, wanted?: string): Record<string, string> {
  const page = wanted === 'page' && mediaType === 'text/html';
  return {
    'content-type': page ? 'text/html; charset=utf-8' : mediaType,
    'content-length': String(size),
    'content-disposition': `${page || shown.has(mediaType) ? 'inline' : 'attachment'}; ${namedAs(name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': page ? pagePolicy : "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  };
}

/** RFC 6266: a plain name for old readers, where every doubtful sign becomes `_`, and the exact one as RFC 8187 writes it. */
function namedAs(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%;]/gu, '_');
  const exact = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${exact}`;
}
