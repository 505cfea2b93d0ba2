/** One file of a unified diff. */
export interface PatchFile {
  readonly path: string;
  readonly hunks: readonly Hunk[];
  /** What git says of it besides lines: a change of mode, of name, that it is binary. */
  readonly notes: readonly string[];
}

export interface Hunk {
  /** What stands above it in the file: a function's name, as far as git can tell. */
  readonly heading: string;
  readonly lines: readonly PatchLine[];
}

export interface PatchLine {
  readonly kind: 'same' | 'added' | 'removed' | 'note';
  readonly text: string;
  /** Line numbers before and after, where the line is there. */
  readonly before?: number;
  readonly after?: number;
}

/** Lines of a file's head that are worth telling; the others only repeat what is known. */
const told =
  /^(?:old mode|new mode|deleted file|new file|rename from|rename to|copy from|copy to|Binary files|similarity)/;

/**
 * Reads the output of `git diff-tree -p`, in one pass, so that a hostile patch costs no more than its length. What a cut end
 * leaves of the last file is kept.
 */
export function readPatch(patch: string): readonly PatchFile[] {
  const files: OpenFile[] = [];
  for (const line of patch.split('\n')) {
    // Every line of a hunk begins with a sign of its own, so nothing in a file can look like a head.
    if (line.startsWith('diff --git ')) files.push(openFile(line.slice('diff --git '.length)));
    else files.at(-1)?.take(line);
  }
  return files.map(({ close }) => close());
}

interface OpenFile {
  take(line: string): void;
  close(): PatchFile;
}

function openFile(names: string): OpenFile {
  const hunks: { heading: string; lines: PatchLine[] }[] = [];
  const notes: string[] = [];
  let path = sameName(names);
  let [before, after] = [0, 0];
  return {
    take(line) {
      const hunk = hunks.at(-1);
      const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line);
      if (start !== null) {
        [before, after] = [Number(start[1]), Number(start[2])];
        hunks.push({ heading: start[3] ?? '', lines: [] });
      } else if (hunk === undefined) {
        path = nameIn(line) ?? path;
        if (told.test(line)) notes.push(line);
      } else if (line.startsWith('+')) hunk.lines.push({ kind: 'added', text: line.slice(1), after: after++ });
      else if (line.startsWith('-')) hunk.lines.push({ kind: 'removed', text: line.slice(1), before: before++ });
      else if (line.startsWith(' ')) {
        hunk.lines.push({ kind: 'same', text: line.slice(1), before: before++, after: after++ });
      } else if (line.startsWith('\\')) hunk.lines.push({ kind: 'note', text: line.slice(2) });
    },
    close: () => ({ path, hunks, notes }),
  };
}

/** The path of a file that kept it: `a/<path> b/<path>`, the same twice. */
function sameName(names: string): string {
  const half = names.slice(0, (names.length - 1) / 2);
  return unquoted(half).slice(2);
}

/** The path that a line of the head names, the one after the change first; git ends names with spaces in them by a tab. */
function nameIn(line: string): string | undefined {
  const name = /^(?:rename to |copy to )(.*)$/.exec(line)?.[1];
  if (name !== undefined) return unquoted(name);
  const side = /^(?:---|\+\+\+) (.*?)\t?$/.exec(line)?.[1];
  return side === undefined || side === '/dev/null' ? undefined : unquoted(side).slice(2);
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** A path as git writes it when it holds control characters, quotes or backslashes: in quotes, as in C. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  return name
    .replace(/^"|"$/g, '')
    .replaceAll(/\\(?:([0-7]{3})|(.))/g, (_, octal?: string, sign?: string) =>
      octal === undefined ? (escapes[sign ?? ''] ?? sign ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
    );
}
