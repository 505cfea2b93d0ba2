import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '#core/text/bytes.ts';
import { createByteRing } from './byte-ring.ts';

/** The log of one command: its whole output when it is small, else the beginning and the end with a line that says so. */
export interface LogFile {
  /** Adds whole lines, as they came. Never throws: a full disk must not stop the command. */
  append(lines: Buffer): void;
  /** Writes the end, closes the file and says how it went. */
  close(): LogSummary;
}

interface LogSummary {
  /** Bytes of the output that are not in the file. */
  readonly leftOut: number;
  /** The last lines of the output, cleaned, whether or not they are in the file. */
  readonly tail: string;
  /** Why the file is incomplete, if writing failed. */
  readonly problem?: string;
}

/** The end of the output that is kept in memory: some thousand lines, small beside many commands at once. */
const TAIL_BYTES = 256 * 1024;
/** Room for the line that says what was left out. */
const NOTICE_BYTES = 128;
const LF = 0x0a;
/** A link in its place is not followed: a log never overwrites another file. */
const CREATE_OR_EMPTY = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** Creates the file (and its folder), or empties it; throws when it can't be written. `clean` makes text harmless. */
export function openLogFile(path: string, limitBytes: number, clean: (text: string) => string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, CREATE_OR_EMPTY, 0o600);
  const ring = createByteRing(TAIL_BYTES);
  const tailBytes = Math.min(TAIL_BYTES, Math.floor(limitBytes / 4));
  const headBytes = Math.max(0, limitBytes - tailBytes - NOTICE_BYTES);
  let written = 0;
  let seen = 0;
  /** So many bytes of the output are in the head of the file. */
  let inHead = 0;
  let headFull = false;
  let problem: string | undefined;

  function write(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      written += bytes.length;
    } catch (error) {
      problem = `The log ${path} is incomplete: ${error instanceof Error ? error.message : String(error)}.`;
    }
  }

  function writeHead(lines: Buffer): void {
    const whole = Buffer.from(clean(lines.toString('utf8')));
    if (written + whole.length <= headBytes) {
      write(whole);
      inHead += lines.length;
      return;
    }
    headFull = true;
    const fitting: Buffer[] = [];
    let room = headBytes - written;
    for (let start = 0; start < lines.length; ) {
      const next = lines.indexOf(LF, start) + 1 || lines.length;
      const line = Buffer.from(clean(lines.toString('utf8', start, next)));
      room -= line.length;
      if (room < 0) break;
      fitting.push(line);
      inHead += next - start;
      start = next;
    }
    write(Buffer.concat(fitting));
  }

  return {
    append(lines) {
      seen += lines.length;
      ring.write(lines);
      if (!headFull && !problem) writeHead(lines);
    },
    close() {
      const rest = seen - inHead;
      const end = wholeLines(ring.last(rest), rest > TAIL_BYTES, tailBytes);
      const leftOut = problem ? rest : rest - end.length;
      if (leftOut > 0 && !problem) {
        write(Buffer.from(`\n[${formatBytes(leftOut)} left out here: a log holds ${formatBytes(limitBytes)}]\n\n`));
      }
      if (!problem) write(within(Buffer.from(clean(end.toString('utf8'))), limitBytes - written));
      const tail = clean(wholeLines(ring.last(seen), seen > TAIL_BYTES, TAIL_BYTES).toString('utf8'));
      closeSync(file);
      return { leftOut, tail, problem };
    },
  };
}

/** The end of some lines, at most `most` bytes, from the beginning of a line on. `broken`: they begin inside a line. */
function wholeLines(lines: Buffer, broken: boolean, most: number): Buffer {
  if (!broken && lines.length <= most) return lines;
  const end = lines.subarray(Math.max(0, lines.length - most));
  return end.subarray(end.indexOf(LF) + 1);
}

/** Bytes that were no text grow when they are written as text. */
function within(text: Buffer, most: number): Buffer {
  return text.length <= most ? text : wholeLines(text, true, most);
}
