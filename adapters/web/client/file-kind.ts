/** How the chat shows a file: as a picture, as a document in the browser's own viewer, as a page, as text, or only for download. */
export type FileKind = 'picture' | 'document' | 'page' | 'text' | 'other';

/** What browsers draw within a page; a drawing (SVG) runs no script there. */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml']);

/** More (bytes) is not for reading in a chat. */
const textLimit = 256 * 1024;

/** Pages (bytes) carry their pictures in themselves; larger ones are for the browser itself. */
const pageLimit = 4 * 1024 * 1024;

const textTypes = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-sh|sql|[\w.-]+\+(?:json|xml))\b)/;
const textEndings =
  /\.(?:txt|md|log|csv|tsv|json|ya?ml|toml|xml|html?|css|[cm]?[jt]sx?|py|rb|go|rs|java|kt|c|h|cpp|sh|sql|diff|patch|ini|conf|env)$/i;

export function kindOf(file: { readonly name: string; readonly mediaType: string; readonly size: number }): FileKind {
  if (pictures.has(file.mediaType)) return 'picture';
  if (file.mediaType === 'application/pdf') return 'document';
  if (file.mediaType === 'text/html' && file.size > 0 && file.size <= pageLimit) return 'page';
  const isText = textTypes.test(file.mediaType) || textEndings.test(file.name);
  return isText && file.size > 0 && file.size <= textLimit ? 'text' : 'other';
}

/** A word or two for a file's type, from its ending, else its media type: `PDF`, `CSV`, `PNG`. */
export function typeName(file: { readonly name: string; readonly mediaType: string }): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(file.name)?.[1];
  if (ending !== undefined) return ending.toUpperCase();
  const [, type = ''] = file.mediaType.split(/[/;]/);
  return type === '' || type === 'octet-stream' ? 'File' : type.slice(0, 12).toUpperCase();
}
