import { LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { type SourceMap, sourceMap } from './source-map.ts';
import { faultOf, faultsIn, type YamlFault } from './yaml-faults.ts';

/** Larger than any sensible file of this kind, in bytes. */
export const yamlBytes = 64 * 1024;

/** How much content aliases may stand for, in copies: more is an attack or a mistake. */
const aliasLimit = 100;

export type ParsedYaml =
  | { readonly ok: true; readonly value: unknown; readonly source: SourceMap }
  | { readonly ok: false; readonly problems: readonly YamlFault[] };

/** Parses a stranger's YAML 1.2 (core schema) to plain data: no tags, no merging, no key twice; size, depth and aliases limited. */
export function parseYaml(text: string): ParsedYaml {
  if (Buffer.byteLength(text) > yamlBytes) {
    return refused(`the file is larger than ${yamlBytes / 1024} KiB: put long scripts into files of their own`);
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) return refused('the file is nested too deep');
    if (error instanceof ReferenceError) {
      return refused('the file has aliases (*name) that lead nowhere or stand for too much: write it out');
    }
    throw error;
  }
}

function parse(text: string): ParsedYaml {
  const counter = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line);
  const document = parseDocument<ParsedNode>(text, {
    lineCounter: counter,
    schema: 'core',
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
    // The library compares every key with every other one, seconds for a hostile file; `faultsIn` does it in one go.
    uniqueKeys: false,
  });
  const faults = [
    ...document.errors.map((error) => ({ line: lineAt(error.pos[0]), says: faultOf(error) })),
    ...faultsIn(document.contents, lineAt),
  ];
  if (faults.length > 0) return { ok: false, problems: faults.sort((a, b) => a.line - b.line) };
  const value: unknown = document.toJS({ maxAliasCount: aliasLimit });
  return { ok: true, value, source: sourceMap(text, document.contents, lineAt) };
}

function refused(says: string): ParsedYaml {
  return { ok: false, problems: [{ line: 1, says }] };
}
