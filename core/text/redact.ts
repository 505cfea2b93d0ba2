import { variantsOf } from './secret-variants.ts';

/** A value that must never be shown, and the name that is shown in its place. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Takes secret values out of text. */
export interface Redactor {
  /** A whole text with every secret replaced by `[secret NAME]`. */
  redact(text: string): string;
  /** The name of a secret that stands in a text; `undefined` when none does. */
  find(text: string): string | undefined;
  /** Characters of the longest spelling of a secret: of a text in pieces, so much may be split over two. */
  readonly longest: number;
  /** For text that comes in pieces: a secret that is split over pieces is found too. */
  stream(): RedactorStream;
}

/** One stream of text. What is given back is safe to show; the end of it may come with a later call. */
export interface RedactorStream {
  /** Takes the next piece; gives back what can no longer become part of a secret. */
  push(piece: string): string;
  /** The rest, when nothing more comes. */
  end(): string;
}

/** A secret so short that hiding it would blot out ordinary words. */
export class SecretTooShortError extends Error {
  readonly code = 'secret_too_short';
  constructor(name: string) {
    super(
      `The secret ${name} is shorter than ${SHORTEST} characters, so it can't be kept out of logs and messages. ` +
        'Give it a longer value, or pass it as an ordinary variable if it is no secret.',
    );
    this.name = 'SecretTooShortError';
  }
}

/** Four characters occur by chance in most logs only rarely; three do all the time. */
const SHORTEST = 4;

/** Whether a value can not be hidden as a secret. An empty one is none. */
export function isTooShort(value: string): boolean {
  return value !== '' && value.length < SHORTEST;
}

/**
 * Makes a redactor for exact values: as they are, and as base64 (at any offset, as in `user:secret`), base64url, hex, URL and
 * form encoding, JSON and HTML escapes. Several secrets that overlap are hidden as one. Empty values are no secrets.
 * Colour codes inside a secret hide it: clean the text with `plainText` first. Throws SecretTooShortError.
 */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  const names = new Map<string, string>();
  for (const { name, value } of secrets) {
    if (value === '') continue;
    if (isTooShort(value)) throw new SecretTooShortError(name);
    for (const variant of variantsOf(value, SHORTEST)) if (!names.has(variant)) names.set(variant, name);
  }
  const patterns = [...names.keys()].sort((a, b) => b.length - a.length);
  if (patterns.length === 0)
    return {
      redact: (text) => text,
      find: () => undefined,
      longest: 0,
      stream: () => ({ push: (piece) => piece, end: () => '' }),
    };
  const finder: Finder = { names, patterns, expression: new RegExp(patterns.map(RegExp.escape).join('|'), 'g') };
  const stream = () => redactorStream(finder);
  return {
    stream,
    longest: patterns[0]?.length ?? 0,
    find(text) {
      finder.expression.lastIndex = 0;
      const [found] = finder.expression.exec(text) ?? [];
      return found === undefined ? undefined : names.get(found);
    },
    redact(text) {
      const whole = stream();
      return whole.push(text) + whole.end();
    },
  };
}

interface Finder {
  /** What each pattern is shown as. */
  readonly names: ReadonlyMap<string, string>;
  /** Longest first, so that the longest match at a place wins. */
  readonly patterns: readonly string[];
  readonly expression: RegExp;
}

function redactorStream(finder: Finder): RedactorStream {
  let held = '';
  /** So many characters at the start of `held` belong to a secret whose placeholder has been given out. */
  let hidden = 0;

  function release(text: string, until: number): string {
    let shown = '';
    let position = Math.min(hidden, until);
    let covered = hidden;
    for (const match of matchesIn(finder, text, until)) {
      if (match.start >= covered) {
        shown += `${text.slice(position, match.start)}[secret ${match.name}]`;
      }
      covered = Math.max(covered, match.end);
      position = Math.min(covered, until);
    }
    shown += text.slice(position, until);
    held = text.slice(until);
    hidden = Math.max(0, covered - until);
    return shown;
  }

  return {
    push(piece) {
      const text = held + piece;
      return release(text, undecidedFrom(finder, text));
    },
    end: () => release(held, held.length),
  };
}

/** All matches that start before `until`, overlapping ones too, in order of their start. */
function* matchesIn(
  finder: Finder,
  text: string,
  until: number,
): Generator<{ start: number; end: number; name: string }> {
  const { expression, names } = finder;
  expression.lastIndex = 0;
  for (let found = expression.exec(text); found && found.index < until; found = expression.exec(text)) {
    yield { start: found.index, end: found.index + found[0].length, name: names.get(found[0]) ?? 'value' };
    expression.lastIndex = found.index + 1;
  }
}

/** Where the longest end of `text` begins that may still grow into a pattern; the length of `text` when there is none. */
function undecidedFrom(finder: Finder, text: string): number {
  const longest = finder.patterns[0]?.length ?? 0;
  for (let start = Math.max(0, text.length - longest + 1); start < text.length; start += 1) {
    const end = text.slice(start);
    if (finder.patterns.some((pattern) => pattern.length > end.length && pattern.startsWith(end))) return start;
  }
  return text.length;
}
