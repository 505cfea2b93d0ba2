import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';

type Path = readonly (string | number)[];

/** Where the parts of a value stand in the text that they were read from. */
export interface SourceMap {
  /** The line (from 1) of a key, of its value, or of the innermost thing around what is missing. */
  lineOf(path: Path, at: 'key' | 'value' | 'missing'): number;
  /** What a person wrote for a plain value, quoted; `undefined` for lists and mappings. */
  textOf(path: Path): string | undefined;
}

/** Makes it from a parsed document. */
export function sourceMap(text: string, contents: ParsedNode | null, lineAt: (offset: number) => number): SourceMap {
  return {
    lineOf(path, at) {
      const place = placeOf(contents, path);
      const value = at === 'value' && place.whole ? place.node?.range[0] : undefined;
      return lineAt(value ?? place.key ?? place.node?.range[0] ?? 0);
    },
    textOf(path) {
      const { node, whole } = placeOf(contents, path);
      if (!whole || node === null || !isScalar(node)) return undefined;
      return quoted(text.slice(node.range[0], node.range[1]));
    },
  };
}

interface Place {
  readonly node: ParsedNode | null;
  /** Where its key, or the nearest key or list item around it, begins. */
  readonly key?: number;
  /** Whether the path leads here, or ends early. */
  readonly whole: boolean;
}

function placeOf(contents: ParsedNode | null, path: Path): Place {
  let place: Place = { node: contents, whole: true };
  for (const part of path) {
    const next = stepInto(place.node, part);
    if (next === undefined) return { ...place, whole: false };
    place = next;
  }
  return place;
}

function stepInto(node: ParsedNode | null, part: string | number): Place | undefined {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair === undefined ? undefined : { node: pair.value, key: pair.key.range[0], whole: true };
  }
  const item = isSeq<ParsedNode>(node) ? node.items[Number(part)] : undefined;
  return item === undefined ? undefined : { node: item, key: item.range[0], whole: true };
}

/** Of a value in a message: enough to find it. */
const shownLength = 60;

function quoted(source: string): string | undefined {
  const [first = '', ...more] = source.trim().split('\n');
  if (first === '') return 'nothing';
  if (more.length > 0 || first.length > shownLength) return undefined;
  return /^["']/.test(first) ? first : `"${first}"`;
}
