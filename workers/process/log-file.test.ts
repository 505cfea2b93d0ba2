import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openLogFile } from './log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'commander-log-'));
const path = join(folder, 'step.log');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(blocks: readonly string[], limit: number, clean = (text: string) => text) {
  const log = openLogFile(path, limit, clean);
  for (const block of blocks) log.append(Buffer.from(block));
  return { ...log.close(), text: readFileSync(path, 'utf8') };
}

describe('log file', () => {
  it('holds a small output whole, and is for its owner only', () => {
    expect(write(['a\n', 'b\nc\n'], 1_000)).toEqual({
      leftOut: 0,
      tail: 'a\nb\nc\n',
      problem: undefined,
      text: 'a\nb\nc\n',
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is empty for a command without output', () => {
    expect(write([], 1_000)).toMatchObject({ leftOut: 0, tail: '', text: '' });
  });

  it('cleans what it writes and what it gives back', () => {
    const { text, tail } = write(['a\n'.repeat(10_000)], 1_000, (raw) => raw.replaceAll('a', 'b'));
    expect(text + tail).not.toContain('a\n');
  });

  it('never grows beyond its limit, though cleaning makes text longer', () => {
    const block = fc.array(
      fc.string({ maxLength: 80 }).map((line) => `${line.replaceAll('\n', '')}\n`),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.array(block), fc.integer({ min: 300, max: 4_000 }), (blocks, limit) => {
        const whole = blocks.map((lines) => lines.join(''));
        const { text, leftOut } = write(whole, limit, (raw) => raw.replaceAll(' ', '\ufffd\ufffd'));
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        if (leftOut === 0) expect(text).toBe(whole.join('').replaceAll(' ', '\ufffd\ufffd'));
        else expect(text).toMatch(/\n\[.* left out here: a log holds .*\]\n\n/);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the last lines of any output, from the beginning of a line on', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`);
    const { tail } = write([lines.join('')], 300);
    expect(lines.join('').endsWith(tail)).toBe(true);
    expect(tail).toMatch(/^line \d+\n/);
    expect(tail.length).toBeGreaterThan(200_000);
  });
});
