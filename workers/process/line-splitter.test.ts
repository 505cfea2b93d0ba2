import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';

/** The lines that a splitter makes of some chunks; a cut one with the number of bytes left out. */
function split(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter({
    line: (bytes, cut) => lines.push(cut > 0 ? `${bytes.length}+${cut}` : bytes.toString('latin1')),
    block: (bytes) => lines.push(...bytes.toString('latin1').slice(0, -1).split('\n')),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('line splitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', '\xff'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), (whole, cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = edges.slice(1).map((edge, index) => Buffer.from(whole.slice(edges[index], edge), 'latin1'));
        const expected = whole.endsWith('\n') || whole === '' ? whole.split('\n').slice(0, -1) : whole.split('\n');
        expect(split(chunks)).toEqual(expected);
      }),
    );
  });

  it('holds 64 KiB of a longer line and counts the rest', () => {
    const piece = Buffer.alloc(50_000, 'x');
    expect(split([piece, piece, piece, Buffer.from('\nnext\n')])).toEqual(['65536+84464', 'next']);
  });

  it('holds a line that is overwritten for long from its last state on', () => {
    const piece = Buffer.from(`${'x'.repeat(49_999)}\r`);
    const lines = split([piece, piece, piece, Buffer.from('last\n')]);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\rlast')).toBe(true);
  });
});
