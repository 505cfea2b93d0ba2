/** A part of a text, which stands by itself: a block of code that goes on is opened and closed around it. */
export interface Piece {
  /** Opens the block that the part before has closed. */
  readonly before: string;
  readonly text: string;
  /** Closes the block that goes on in the next part. */
  readonly after: string;
}

/** A block of code that is open: how it is closed, and how it is opened again. */
interface Fence {
  readonly ticks: string;
  readonly info: string;
}

/** A fence of more backticks than anybody writes is none. */
const fenceLine = /^ {0,3}(`{3,20})([^`]*)$/;

/** What closes a block at most: a line's end and its backticks. */
const closingLimit = 21;

/** Characters of a block's language that are said again: a longer one is none. */
const infoLimit = 30;

/**
 * Splits markdown into parts of at most `limit` UTF-16 units with what opens and closes them (100 or more). All `text`s together
 * are the text. Parts end at a line's end where they can, else at a space; never within a character, an escape or a fence.
 */
export function splitText(text: string, limit: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let open: Fence | undefined;
  for (let start = 0; start < text.length || pieces.length === 0; ) {
    const before = open === undefined ? '' : `${open.ticks}${open.info}\n`;
    const room = limit - before.length;
    if (text.length - start <= room) return [...pieces, { before, text: text.slice(start), after: '' }];
    let end = endOf(text, start, room);
    let still = fenceAfter(text.slice(start, end), open);
    if (still !== undefined) {
      // The closing line needs room too; a shorter part may end outside of the block, or in another one.
      end = endOf(text, start, room - closingLimit);
      still = fenceAfter(text.slice(start, end), open);
    }
    const part = text.slice(start, end);
    const after = still === undefined ? '' : `${part.endsWith('\n') ? '' : '\n'}${still.ticks}`;
    pieces.push({ before, text: part, after });
    open = still;
    start = end;
  }
  return pieces;
}

/** Where a part that begins at `start` ends, of at most `room` units and at least one. */
function endOf(text: string, start: number, room: number): number {
  const most = start + room;
  const line = text.lastIndexOf('\n', most - 1) + 1;
  if (line > start + room / 2) return line;
  // A fence's own line is not cut.
  if (line > start && /^ {0,3}`{3}/.test(text.slice(line, line + 6))) return line;
  const space = text.lastIndexOf(' ', most - 1) + 1;
  if (space > start + room / 2) return space;
  let end = most;
  const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
  if (isLow(text.charCodeAt(end))) end -= 1;
  const [slashes = ''] = /\\*$/.exec(text.slice(start, end)) ?? [];
  if (slashes.length % 2 === 1) end -= 1;
  return Math.max(end, start + 1);
}

/** The block that is open after a part. */
function fenceAfter(part: string, before: Fence | undefined): Fence | undefined {
  let open = before;
  for (const line of part.split('\n')) {
    const [, ticks, info = ''] = fenceLine.exec(line) ?? [];
    if (ticks === undefined) continue;
    if (open === undefined) open = { ticks, info: info.trim().length > infoLimit ? '' : info.trim() };
    else if (ticks.length >= open.ticks.length && info.trim() === '') open = undefined;
  }
  return open;
}
