import { parseArgs } from 'node:util';

/** What a person asks of the command line. */
export interface Asked {
  /** What is said to Commander, as in chat after its name; empty with `press`, or where files say it all. */
  readonly words: string;
  readonly files: readonly string[];
  /** The label of a button to press. */
  readonly press?: string;
  /** The thread that it is said in: the id of its first message. Absent: a new one. */
  readonly thread?: string;
  readonly channel: string;
  readonly follow: boolean;
  readonly json: boolean;
  /** Output of what put out something since then, as ISO 8601 text; with `logs`. */
  readonly since?: string;
  readonly help: boolean;
  readonly url?: string;
  readonly as?: string;
}

/** The line can not be carried out as it is written; the message says what to write. */
export class WrongUse extends Error {
  readonly code = 'wrong_use';
}

const options = {
  follow: { type: 'boolean', short: 'f', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  file: { type: 'string', multiple: true, default: [] as string[] },
  press: { type: 'string' },
  since: { type: 'string' },
  thread: { type: 'string' },
  channel: { type: 'string', default: 'general' },
  url: { type: 'string' },
  as: { type: 'string' },
} as const;

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[^0-9a-f]*$)/i;

/** Reads the words and options of a line: options stand anywhere, what comes after `--` is words. @throws WrongUse */
export function readArguments(args: readonly string[], now = Date.now()): Asked {
  const { values, positionals } = parsed(args);
  const { file, thread, since, ...rest } = values;
  const words = positionals.join(' ').trim();
  const asked = { ...rest, words, files: file, thread: threadOf(thread), since: sinceOf(since, now) };
  if (asked.press !== undefined && (asked.words !== '' || asked.files.length > 0))
    throw new WrongUse('Press a button or say something, not both at once.');
  if (asked.press !== undefined && asked.thread === undefined)
    throw new WrongUse('Say where the button is: --thread and the id or address of its thread.');
  return asked;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's own words for an option that it does not know, or that lacks its value.
    if (!(error instanceof TypeError)) throw error;
    throw new WrongUse(`${error.message.split('. ')[0]}. Words that begin with a dash come after “--”.`);
  }
}

/** A moment, given as it is or as how long ago it is: `10m`. */
function sinceOf(given: string | undefined, now: number): string | undefined {
  if (given === undefined) return undefined;
  const [, count, unit = 'm'] = /^(\d+)([smhd])$/.exec(given) ?? [];
  const at = count === undefined ? Date.parse(given) : now - Number(count) * units[unit as keyof typeof units];
  if (Number.isNaN(at))
    throw new WrongUse(`“${given}” is no moment: write how long ago (10m, 2h, 1d), or 2026-05-03T14:00Z.`);
  return new Date(at).toISOString();
}

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The id of a thread, given as it is or within the address of its page. */
function threadOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const id = uuid.exec(given)?.[0];
  if (id === undefined) throw new WrongUse(`“${given}” names no thread: give its id, or the address of its page.`);
  return id.toLowerCase();
}
