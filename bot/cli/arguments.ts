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
  thread: { type: 'string' },
  channel: { type: 'string', default: 'general' },
  url: { type: 'string' },
  as: { type: 'string' },
} as const;

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[^0-9a-f]*$)/i;

/** Reads the words and options of a line: options stand anywhere, what comes after `--` is words. @throws WrongUse */
export function readArguments(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args);
  const { file, thread, ...rest } = values;
  const asked = { ...rest, words: positionals.join(' ').trim(), files: file, thread: threadOf(thread) };
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

/** The id of a thread, given as it is or within the address of its page. */
function threadOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const id = uuid.exec(given)?.[0];
  if (id === undefined) throw new WrongUse(`“${given}” names no thread: give its id, or the address of its page.`);
  return id.toLowerCase();
}
