import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import { createLineFeed, type OutputLine } from './line-feed.ts';
import { createLineSplitter, type LineSplitter } from './line-splitter.ts';
import type { LogFile } from './log-file.ts';

/** Takes the output of a command as fast as it comes, in constant memory: lines for the thread, the log, the figures. */
export interface Output {
  readonly lines: AsyncIterable<OutputLine>;
  /** Bytes taken so far. */
  readonly taken: number;
  take(stream: OutputLine['stream'], chunk: Buffer): void;
  end(): OutputSummary;
}

export interface OutputSummary {
  /** Bytes as they came. */
  readonly outputBytes: number;
  readonly droppedLines: number;
  readonly logTruncated: boolean;
  readonly lastLines: string[];
  readonly problem?: string;
}

export interface OutputOptions {
  readonly log: LogFile;
  readonly linesPerSecond: number;
  readonly redactor?: Redactor;
}

/** What fits into a chat message of any platform. */
const LONGEST_SHOWN = 2_000;
/** The end of the output that a report or an error shows. */
const LAST_LINES = 20;
const LF = 0x0a;

export function createOutput({ log, linesPerSecond, redactor }: OutputOptions): Output {
  const feed = createLineFeed(linesPerSecond);
  const splitters = { out: splitterOf('out'), err: splitterOf('err') };
  let outputBytes = 0;
  let cutBytes = 0;

  function splitterOf(stream: OutputLine['stream']): LineSplitter {
    return createLineSplitter({
      line(bytes, cut) {
        cutBytes += cut;
        const text =
          cut > 0 ? cleanBeginning(bytes.toString('utf8'), redactor) : cleaner(redactor)(bytes.toString('utf8'));
        show(stream, text, cut > 0);
        const mark = cut > 0 ? ` [${cut} more bytes of this line left out]\n` : '\n';
        log.append(cut > 0 ? Buffer.from(text + mark) : Buffer.concat([bytes, Buffer.from(mark)]));
      },
      block(bytes) {
        showMany(stream, bytes);
        log.append(bytes);
      },
    });
  }

  function show(stream: OutputLine['stream'], text: string, cut: boolean): void {
    if (feed.room() < 1) {
      feed.drop(1);
      return;
    }
    const truncated = cut || text.length > LONGEST_SHOWN;
    const shown = shorten(text, LONGEST_SHOWN);
    feed.offer(truncated ? { stream, text: shown, truncated } : { stream, text: shown });
  }

  /** Reads as many lines as may be shown, and only counts the others: output is often faster than any reading of it. */
  function showMany(stream: OutputLine['stream'], bytes: Buffer): void {
    const clean = cleaner(redactor);
    let start = 0;
    for (let room = feed.room(); room > 0 && start < bytes.length; room -= 1) {
      const end = bytes.indexOf(LF, start);
      show(stream, clean(bytes.toString('utf8', start, end)), false);
      start = end + 1;
    }
    feed.drop(countLines(bytes.subarray(start)));
  }

  return {
    lines: feed.lines,
    get taken() {
      return outputBytes;
    },
    take(stream, chunk) {
      outputBytes += chunk.length;
      splitters[stream].push(chunk);
    },
    end() {
      splitters.out.end();
      splitters.err.end();
      feed.close();
      const { leftOut, tail, problem } = log.close();
      const lastLines = tail
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-LAST_LINES);
      return {
        outputBytes,
        droppedLines: feed.dropped,
        logTruncated: leftOut + cutBytes > 0,
        lastLines: lastLines.map((line) => shorten(line, LONGEST_SHOWN)),
        problem,
      };
    },
  };
}

/** Makes text of a command harmless, then takes the secrets out: in that order, so that no colour code hides one. */
export function cleaner(redactor: Redactor | undefined): (text: string) => string {
  return (text) => {
    const plain = plainText(text);
    return redactor ? redactor.redact(plain) : plain;
  };
}

/** The same for the beginning of a text whose end is missing: half a secret at the end goes too. */
function cleanBeginning(text: string, redactor: Redactor | undefined): string {
  const plain = plainText(text);
  return redactor ? redactor.stream().push(plain) : plain;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  // Every byte of the output goes through here, and an index is much faster than an iterator.
  for (let index = 0; index < bytes.length; index += 1) if (bytes[index] === LF) count += 1;
  return count;
}
