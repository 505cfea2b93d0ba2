import { shorten } from './shorten.ts';

/** How much of a text is kept, and in what shape. */
export interface PlainTextOptions {
  /** Most UTF-16 units of the result (what chat platforms count); longer text ends in an ellipsis. Default: no limit. */
  readonly maxLength?: number;
  /** Newlines and tabs become single spaces, and the ends are trimmed: for titles, labels and file names. */
  readonly singleLine?: boolean;
}

/**
 * Text of a stranger (a command's output, an agent, a repository, a file name) made harmless to show anywhere. Escape
 * sequences, control characters, direction overrides and invisible characters are gone; a line that was overwritten by
 * carriage return or backspace shows its last state, as a terminal would; newlines and tabs stay. The result is well-formed
 * Unicode, without U+0000 (which Postgres can't store), and cleaning it again changes nothing.
 *
 * It is not escaping: an adapter still escapes it for its platform. To show exactly what will be executed use `revealText`.
 */
export function plainText(input: string, options: PlainTextOptions = {}): string {
  const clean = CALM.test(input) ? input : clear(input);
  const shaped = options.singleLine ? clean.replace(/\s+/gu, ' ').trim() : clean;
  return options.maxLength === undefined ? shaped : shorten(shaped, options.maxLength);
}

/**
 * The same text with everything that `plainText` would drop written out (`\x1b`, `\r`, `\u{202e}`), so that a person who
 * approves a command sees all of it: nothing is hidden and nothing overwritten. Newlines and tabs stay.
 */
export function revealText(input: string): string {
  if (CALM.test(input)) return input;
  return input.toWellFormed().replace(CONCEALED, (character) => {
    if (character === '\r') return '\\r';
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Nearly all real text: printable ASCII, newline, tab. Needs no work. */
const CALM = /^[\x20-\x7e\n\t]*$/;

/** ECMA-48 strings (DCS, SOS, OSC, PM, APC) up to their terminator, or to the end of the line when it is missing. */
const CONTROL_STRING =
  '(?:\\x1b[PX\\]^_]|[\\x90\\x98\\x9d\\x9e\\x9f])[^\\x07\\x18\\x1a\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?';
/** ECMA-48 control sequences: colours, cursor movement, modes. A sequence that breaks off ends where it breaks off. */
const CONTROL_SEQUENCE = '(?:\\x1b\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]?';
/** Everything else that an escape character starts, and the lone escape character itself. */
const ESCAPE = '\\x1b(?:[\\x20-\\x2f]*[\\x30-\\x7e])?';
const ESCAPES = new RegExp(`${CONTROL_STRING}|${CONTROL_SEQUENCE}|${ESCAPE}`, 'g');

/** A run of carriage returns is looked at from its start alone, or a long one without a newline would take for ever. */
const LINE_BREAKS = /(?<!\r)\r+\n|[\v\f\u0085\u2028\u2029]/g;

const CONTROLS = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f';
/**
 * Characters that are not seen but do something: direction marks and overrides, joiners, fillers, soft hyphen, annotation,
 * variation selectors, tags, noncharacters (Unicode: Default_Ignorable_Code_Point, Bidi_Control and Noncharacter).
 */
const INVISIBLE =
  '\\p{Default_Ignorable_Code_Point}\\p{Bidi_Control}\\p{Noncharacter_Code_Point}\\ufff9-\\ufffc\\u{e0000}-\\u{e0fff}';
const CONCEALED = new RegExp(`[${CONTROLS}${INVISIBLE}]`, 'gu');

/** Scripts in which a joiner between two letters changes the spelling (RFC 5892, appendix A, CONTEXTJ). */
const JOINING_SCRIPTS =
  'Arabic Syriac Mongolian Nko Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar'
    .split(' ')
    .map((script) => `\\p{Script=${script}}`)
    .join('');
const KEPT_JOINER = `(?<=[${JOINING_SCRIPTS}])[\\u200c\\u200d](?=[${JOINING_SCRIPTS}])`;
/** Joiners and selectors inside an emoji, where dropping them would show another picture. */
const KEPT_IN_EMOJI =
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}])\\ufe0f|(?<=[0-9#*])\\ufe0f(?=\\u20e3)' +
  '|(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})';
const DROPPED = new RegExp(`(${KEPT_JOINER}|${KEPT_IN_EMOJI})|[${CONTROLS}${INVISIBLE}]`, 'gu');

/** More marks on one letter than any language writes cover the lines around it; 8 leaves every orthography whole. */
const STACKED_MARKS = /(\p{M}{8})\p{M}+/gu;

function clear(input: string): string {
  const text = input.replace(ESCAPES, '').replace(LINE_BREAKS, '\n');
  const seen = /[\r\b]/.test(text) ? text.split('\n').map(lastState).join('\n') : text;
  // Dropping a character can bring two together that make another one droppable, so it goes on until nothing changes.
  let current = seen.toWellFormed();
  for (;;) {
    const next = current.replace(DROPPED, '$1').replace(STACKED_MARKS, '$1');
    if (next === current) return current;
    current = next;
  }
}

/** What a line shows in the end: what was written after the last carriage return, with backspaces carried out. */
function lastState(line: string): string {
  const states = line.split('\r');
  const last = states.findLast((state) => state.replace(DROPPED, '').trim() !== '') ?? states.at(-1) ?? '';
  if (!last.includes('\b')) return last;
  const cells: string[] = [];
  let cursor = 0;
  for (const character of last) {
    if (character === '\b') cursor = Math.max(0, cursor - 1);
    else cells[cursor++] = character;
  }
  return cells.join('');
}
