/** A pattern that can't be used; the message follows its name ("… must not …"). */
export class PatternError extends Error {
  readonly code = 'pattern_invalid';
}

export type PatternNode =
  | { readonly kind: 'take'; readonly takes: Takes }
  /** Something about the characters (codes, -1 at the edges) on both sides of a place. */
  | { readonly kind: 'assert'; readonly holds: (before: number, after: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

type Takes = (code: number) => boolean;

/** Reads the usual syntax of regular expressions into a tree; case counts, `.` is anything but a line's end. */
export function parsePattern(source: string): PatternNode {
  const reader: Reader = { characters: [...source], at: 0 };
  const node = readChoice(reader);
  if (reader.at < reader.characters.length) throw new PatternError('has a ")" too many: write "\\)" for the character');
  return node;
}

interface Reader {
  readonly characters: readonly string[];
  at: number;
}

function peek(reader: Reader): string | undefined {
  return reader.characters[reader.at];
}

function take(reader: Reader): string {
  const character = reader.characters[reader.at];
  if (character === undefined) throw new PatternError('ends too early: something is missing at its end');
  reader.at += 1;
  return character;
}

function accept(reader: Reader, text: string): boolean {
  const found = reader.characters.slice(reader.at, reader.at + text.length).join('') === text;
  if (found) reader.at += text.length;
  return found;
}

function readChoice(reader: Reader): PatternNode {
  const parts = [readSequence(reader)];
  while (accept(reader, '|')) parts.push(readSequence(reader));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
}

function readSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  for (let next = peek(reader); next !== undefined && next !== '|' && next !== ')'; next = peek(reader)) {
    parts.push(readRepeat(reader));
  }
  return { kind: 'sequence', parts };
}

function readRepeat(reader: Reader): PatternNode {
  const part = readAtom(reader);
  const count = readCount(reader);
  if (count === undefined) return part;
  if (part.kind === 'assert') throw new PatternError('repeats ^, $ or \\b, which means nothing');
  // Lazy or greedy makes no difference to whether something matches.
  accept(reader, '?');
  if (/[*+?{]/.test(peek(reader) ?? '')) throw new PatternError('has two repetitions in a row: put one into ( )');
  return { kind: 'repeat', part, ...count };
}

function readCount(reader: Reader): { min: number; max: number } | undefined {
  if (accept(reader, '*')) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (accept(reader, '+')) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (accept(reader, '?')) return { min: 0, max: 1 };
  if (!accept(reader, '{')) return undefined;
  const min = readNumber(reader);
  const open = accept(reader, ',');
  const max = open && peek(reader) === '}' ? Number.POSITIVE_INFINITY : open ? readNumber(reader) : min;
  if (!accept(reader, '}') || max < min) throw new PatternError('has a wrong count: write {2}, {2,} or {2,5}');
  return { min, max };
}

function readNumber(reader: Reader): number {
  let digits = '';
  while (/^\d$/.test(peek(reader) ?? '') && digits.length < 5) digits += take(reader);
  if (digits === '') throw new PatternError('has a wrong count: write {2}, {2,} or {2,5}, or "\\{" for the character');
  return Number(digits);
}

function readAtom(reader: Reader): PatternNode {
  const character = take(reader);
  switch (character) {
    case '(':
      return readGroup(reader);
    case '[':
      return { kind: 'take', takes: readClass(reader) };
    case '.':
      return { kind: 'take', takes: (code) => !isLineEnd(code) };
    case '^':
      return { kind: 'assert', holds: (before) => before < 0 };
    case '$':
      return { kind: 'assert', holds: (_, after) => after < 0 };
    case '\\':
      return readEscape(reader);
    case '*':
    case '+':
    case '?':
    case '{':
    case '}':
    case ']':
      throw new PatternError(`has a "${character}" with nothing before it: write "\\${character}" for the character`);
    default:
      return single(codeOf(character));
  }
}

function readGroup(reader: Reader): PatternNode {
  if (accept(reader, '?') && !accept(reader, ':')) {
    throw new PatternError('must not use (?…): of these only (?:…) is understood, so no look-around and no flags');
  }
  const node = readChoice(reader);
  if (!accept(reader, ')')) throw new PatternError('has a "(" that is not closed: write "\\(" for the character');
  return node;
}

function readEscape(reader: Reader): PatternNode {
  if (accept(reader, 'b')) return { kind: 'assert', holds: atWordEdge };
  if (accept(reader, 'B')) return { kind: 'assert', holds: (before, after) => !atWordEdge(before, after) };
  return { kind: 'take', takes: readEscaped(reader).takes };
}

function readClass(reader: Reader): Takes {
  const inverted = accept(reader, '^');
  const members: Takes[] = [];
  while (!accept(reader, ']')) {
    const from = readMember(reader);
    const ranged = from.code !== undefined && peek(reader) === '-' && reader.characters[reader.at + 1] !== ']';
    if (!ranged) members.push(from.takes);
    else {
      take(reader);
      const [low, high] = [from.code, readMember(reader).code];
      if (low === undefined || high === undefined || high < low) {
        throw new PatternError('has a range in [ ] that goes from nowhere to nowhere: write it as a-z');
      }
      members.push((code) => code >= low && code <= high);
    }
  }
  return (code) => members.some((member) => member(code)) !== inverted;
}

interface Member {
  readonly takes: Takes;
  /** Of a single character. */
  readonly code?: number;
}

function readMember(reader: Reader): Member {
  const character = take(reader);
  return character === '\\' ? readEscaped(reader) : member(codeOf(character));
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

const kinds = new Map<string, Takes>([
  ['d', isDigit],
  ['D', (code) => !isDigit(code)],
  ['w', isWord],
  ['W', (code) => !isWord(code)],
  ['s', isSpace],
  ['S', (code) => !isSpace(code)],
]);

function readEscaped(reader: Reader): Member {
  const character = take(reader);
  const kind = kinds.get(character);
  if (kind !== undefined) return { takes: kind };
  if (character === 'x') return member(readHex(reader, 2));
  if (character === 'u') return member(readHex(reader, 4));
  if (/^[tnvfr]$/.test(character)) return member(controls[character] ?? 0);
  if (/^[1-9]$/.test(character)) throw new PatternError('must not refer back to a group (\\1): that is not understood');
  if (/^[A-Za-z0-9]$/.test(character)) throw new PatternError(`must not use \\${character}: it is not understood`);
  return member(codeOf(character));
}

function readHex(reader: Reader, length: number): number {
  let digits = '';
  while (digits.length < length) digits += take(reader);
  if (!/^[0-9A-Fa-f]+$/.test(digits))
    throw new PatternError(`has a wrong code: ${length} hexadecimal digits belong here`);
  return Number.parseInt(digits, 16);
}

function member(code: number): Member {
  return { code, takes: (other) => other === code };
}

function single(code: number): PatternNode {
  return { kind: 'take', takes: member(code).takes };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

function isSpace(code: number): boolean {
  return /\s/.test(String.fromCodePoint(code));
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

function atWordEdge(before: number, after: number): boolean {
  return isWord(before) !== isWord(after);
}
