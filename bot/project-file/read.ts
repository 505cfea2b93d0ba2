import { LineCounter, parseDocument } from 'yaml';
import { type ProjectFile, projectFile } from '#core/project-file/schema.ts';

/** Larger than any sensible project file, in bytes. */
export const projectFileBytes = 256 * 1024;

export type ReadProjectFile =
  | { readonly ok: true; readonly file: ProjectFile }
  /** Every problem with its line and what to write instead. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a `commander.yaml`. Hostile files are refused: aliases are limited, tags mean nothing. */
export function readProjectFile(text: string): ReadProjectFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', customTags: [], stringKeys: true });
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => `line ${lines.linePos(error.pos[0]).line}: ${firstLine(error.message)}`),
    };
  }
  const parsed = projectFile.safeParse(contentOf(document) ?? {});
  if (parsed.success) return { ok: true, file: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => {
      const at = lineOf(document, lines, issue.path);
      const where = issue.path.length === 0 ? 'the file' : `\`${issue.path.join('.')}\``;
      return `${at === undefined ? '' : `line ${at}: `}${where} ${issue.message}`;
    }),
  };
}

function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  return document.toJS({ maxAliasCount: 100 });
}

/** The line of the deepest part of a path that exists. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] | null } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
