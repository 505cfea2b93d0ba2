import type { PatchLine } from './read-patch.ts';

/** A line in three parts, of which the middle one is what changed. */
export type Parts = readonly [string, string, string];

/** Lines longer than this (UTF-16 units) are cut, and not compared. */
const longest = 2000;

/**
 * What changed within lines: where as many lines were removed as were added in their place, each is compared with its partner
 * by what both begin and end with. Lines that have little in common are not marked, because all of them is new.
 */
export function changedParts(lines: readonly PatchLine[]): ReadonlyMap<PatchLine, Parts> {
  const parts = new Map<PatchLine, Parts>();
  for (let start = 0; start < lines.length; start += 1) {
    const removed = run(lines, start, 'removed');
    const added = run(lines, start + removed.length, 'added');
    if (removed.length > 0 && removed.length === added.length) {
      removed.forEach((line, index) => {
        compare(line, added[index], parts);
      });
    }
    start += Math.max(0, removed.length + added.length - 1);
  }
  return parts;
}

function run(lines: readonly PatchLine[], start: number, kind: PatchLine['kind']): readonly PatchLine[] {
  let end = start;
  while (lines[end]?.kind === kind) end += 1;
  return lines.slice(start, end);
}

function compare(removed: PatchLine, added: PatchLine | undefined, parts: Map<PatchLine, Parts>): void {
  if (added === undefined || removed.text.length > longest || added.text.length > longest) return;
  const [one, other] = [removed.text, added.text];
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  if ((head + tail) * 2 < most) return;
  parts.set(removed, cutAt(one, head, tail));
  parts.set(added, cutAt(other, head, tail));
}

/** Never within a surrogate pair. */
function cutAt(text: string, head: number, tail: number): Parts {
  const start = isLow(text, head) ? head - 1 : head;
  const end = isLow(text, text.length - tail) ? text.length - tail + 1 : text.length - tail;
  return [text.slice(0, start), text.slice(start, end), text.slice(end)];
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
