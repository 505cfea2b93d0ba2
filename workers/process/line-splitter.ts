/** What a stream of bytes is made of. Buffers are only valid during the call. */
export interface LineSink {
  /** One line that came in several pieces, without its newline; `cut` bytes of its end were left out. */
  line(bytes: Buffer, cut: number): void;
  /** Many whole lines as they came, each with its newline. */
  block(bytes: Buffer): void;
}

/** Cuts a stream of bytes into lines without ever holding more than one line, and of that no more than 64 KiB. */
export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Gives the last line, if it had no newline. */
  end(): void;
}

/** More than any line that a person reads; as much as a pipe holds. */
const LONGEST_LINE = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Splits one stream. A line that overwrites itself with carriage returns for too long is held from its last state on. */
export function createLineSplitter(sink: LineSink): LineSplitter {
  let pending: Buffer | undefined;
  let length = 0;
  let cut = 0;
  /** The line so far ends in a carriage return: what comes next replaces it. */
  let overwriting = false;

  function hold(part: Buffer): void {
    let rest = part;
    if (length + rest.length > LONGEST_LINE) {
      // A carriage return at the very end may belong to a newline that comes next.
      const restart = rest.length > 1 ? rest.lastIndexOf(CR, rest.length - 2) : -1;
      if (restart >= 0 || overwriting) {
        rest = rest.subarray(restart + 1);
        length = 0;
        cut = 0;
      }
    }
    pending ??= Buffer.allocUnsafe(LONGEST_LINE);
    const copied = rest.copy(pending, length);
    length += copied;
    cut += rest.length - copied;
    overwriting = part.at(-1) === CR || (part.length === 0 && overwriting);
  }

  function release(): void {
    sink.line(pending?.subarray(0, length) ?? Buffer.alloc(0), cut);
    length = 0;
    cut = 0;
    overwriting = false;
  }

  return {
    push(chunk) {
      let rest = chunk;
      if (length > 0) {
        const first = rest.indexOf(LF);
        hold(first < 0 ? rest : rest.subarray(0, first));
        if (first < 0) return;
        release();
        rest = rest.subarray(first + 1);
      }
      const whole = rest.lastIndexOf(LF) + 1;
      if (whole > 0) sink.block(rest.subarray(0, whole));
      if (whole < rest.length) hold(rest.subarray(whole));
    },
    end() {
      if (length > 0) release();
    },
  };
}
