import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Bytes per log file; there are two, the newer and the older. */
const fileLimit = 4 * 1024 * 1024;
/** Bytes kept of one line: Postgres prints whole statements with their errors. */
const lineLimit = 8 * 1024;
const tailLength = 40;

/** The server's log: a file that never grows beyond its limit, and the last lines for error messages. */
export interface ServerLog {
  write(line: string): void;
  /** The last lines written, oldest first. */
  tail(): readonly string[];
  close(): void;
}

/**
 * Starts a new log file with the first line; that of the start before is kept beside it with `.1`. Lines are written at once, so that none is
 * missing after a crash. When the disk is full the file has a gap, the server goes on, and `onNotice` says so once.
 */
export function openServerLog(path: string, onNotice: (line: string) => void): ServerLog {
  const tail: string[] = [];
  const file = limitedFile(path);
  let failed = false;
  return {
    write(line) {
      const kept = line.slice(0, lineLimit);
      tail.push(kept);
      if (tail.length > tailLength) tail.shift();
      try {
        file.append(`${kept}\n`);
      } catch (error) {
        if (!failed) onNotice(`The database's log ${path} can't be written: ${(error as Error).message}.`);
        failed = true;
      }
    },
    tail: () => tail,
    close: () => file.close(),
  };
}

function limitedFile(path: string) {
  let file: number | undefined;
  let size = 0;
  let isOver = false;
  const rest = () => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  const append = (text: string) => {
    if (isOver) return;
    if (size > fileLimit) rest();
    if (file === undefined) {
      file = startFile(path);
      size = 0;
    }
    size += writeSync(file, text);
  };
  const close = () => {
    isOver = true;
    rest();
  };
  return { append, close };
}

function startFile(path: string): number {
  rmSync(`${path}.1`, { force: true });
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return openSync(path, 'wx', 0o600);
}
