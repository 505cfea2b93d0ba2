/** What sort of file people say that something is. */
export interface KindRule {
  readonly kind: string;
  /** Media types, whole. */
  readonly types: readonly string[];
  /** Beginnings of media types. */
  readonly beginnings: readonly string[];
}

const office = 'application/vnd.openxmlformats-officedocument';
const openDocument = 'application/vnd.oasis.opendocument';

/** The kinds of outputs; of several that fit, the first counts. */
export const kindRules = [
  { kind: 'pdf', types: ['application/pdf'], beginnings: [] },
  {
    kind: 'document',
    types: ['application/msword', 'text/markdown', 'application/rtf'],
    beginnings: [`${office}.wordprocessingml`, `${openDocument}.text`],
  },
  {
    kind: 'slides',
    types: ['application/vnd.ms-powerpoint'],
    beginnings: [`${office}.presentationml`, `${openDocument}.presentation`],
  },
  {
    kind: 'sheet',
    types: ['text/csv', 'application/vnd.ms-excel'],
    beginnings: [`${office}.spreadsheetml`, `${openDocument}.spreadsheet`],
  },
  { kind: 'image', types: [], beginnings: ['image/'] },
  { kind: 'audio', types: [], beginnings: ['audio/'] },
  { kind: 'video', types: [], beginnings: ['video/'] },
  { kind: 'website', types: ['text/html'], beginnings: [] },
  { kind: 'archive', types: ['application/zip', 'application/gzip', 'application/x-tar'], beginnings: [] },
  { kind: 'text', types: ['application/json', 'application/xml', 'application/yaml'], beginnings: ['text/'] },
] as const satisfies readonly KindRule[];

/** What no rule fits. */
const otherKind = 'other';

export const outputKinds = [...kindRules.map(({ kind }) => kind), otherKind] as const;

export type OutputKind = (typeof outputKinds)[number];

/** The kind of a media type. */
export function kindOf(mediaType: string): OutputKind {
  const rules: readonly (KindRule & { readonly kind: OutputKind })[] = kindRules;
  const fits = ({ types, beginnings }: KindRule) =>
    types.includes(mediaType) || beginnings.some((beginning) => mediaType.startsWith(beginning));
  return rules.find(fits)?.kind ?? otherKind;
}

/** Whether a file can be read as lines of text. */
export function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || /^application\/(?:json|xml|yaml|x-yaml|toml)$/.test(mediaType);
}
