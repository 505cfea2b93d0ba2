import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLParseError } from 'yaml';

/** Something wrong in the text itself, before it means anything. */
export interface YamlFault {
  /** From 1. */
  readonly line: number;
  readonly says: string;
}

/** The deepest sensible place of a file is a dozen levels down. */
const depthLimit = 50;

/** What well-formed YAML may hold, but a file of ours may not: tags, a key twice, endless depth. Looks at each node once. */
export function faultsIn(contents: ParsedNode | null, lineAt: (offset: number) => number): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  const open = contents === null ? [] : [{ node: contents, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    const line = lineAt(node.range[0]);
    if (depth > depthLimit) return [{ line, says: `this is nested more than ${depthLimit} levels deep` }];
    if (!isAlias(node) && node.tag !== undefined) {
      faults.push({ line, says: `tags such as ${node.tag.slice(0, 40)} mean nothing here: leave it out` });
    }
    if (isMap(node)) faults.push(...keysTwice(node.items, lineAt));
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
  }
  return faults;
}

function childrenOf(node: ParsedNode): readonly ParsedNode[] {
  if (isSeq(node)) return node.items.flatMap((item) => ('range' in item ? [item] : childrenOfPair(item)));
  return isMap(node) ? node.items.flatMap(childrenOfPair) : [];
}

interface ParsedPair {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}

function childrenOfPair({ key, value }: ParsedPair): readonly ParsedNode[] {
  return value === null ? [key] : [key, value];
}

function keysTwice(pairs: readonly ParsedPair[], lineAt: (offset: number) => number): readonly YamlFault[] {
  const first = new Map<string, number>();
  return pairs.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const line = lineAt(key.range[0]);
    const before = first.get(name);
    if (before !== undefined) return [{ line, says: `\`${name}\` is here twice: it stands on line ${before} already` }];
    first.set(name, line);
    return [];
  });
}

/** The parser's faults that people meet, and what to do about each. */
const advice = new Map<string, string>([
  ['TAB_AS_INDENT', 'this begins with a tab: YAML wants spaces'],
  [
    'BAD_INDENT',
    'this is not indented as what it belongs to, or a bracket is not closed: check the spaces at its beginning',
  ],
  ['BLOCK_AS_IMPLICIT_KEY', 'this has a second ": " in one line: put the whole value in quotes'],
  ['BLOCK_IN_FLOW', 'this has lines of "- " or "key:" within brackets: write it without brackets'],
  ['MISSING_CHAR', 'a quote or bracket is missing, or a key has no ":" behind it'],
  ['BAD_SCALAR_START', 'a value must not begin with this character: put it in quotes'],
  ['BAD_DQ_ESCAPE', 'this is no escape in "…": use \'…\' around text with backslashes'],
  ['MULTIPLE_DOCS', 'a second document begins here (---): a file holds one'],
  ['NON_STRING_KEY', 'a key must be plain text; a value that begins with "{" must be in quotes'],
  ['BAD_ALIAS', 'a value that begins with "*" must be in quotes'],
  ['UNEXPECTED_TOKEN', 'this does not belong here: check its indentation, and put text with : # [ ] { } in quotes'],
]);

/** What is wrong, in words that say what to do. */
export function faultOf({ code, message }: YAMLParseError): string {
  // The parser catches its own overflow and reports it as any other fault.
  if (message.includes('call stack')) return 'this is nested too deep';
  return advice.get(code) ?? `this is no valid YAML: ${message.split('\n', 1)[0]}`;
}
