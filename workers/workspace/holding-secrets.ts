import { createHash } from 'node:crypto';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { type ChangedFile, changes } from './changes.ts';
import { git } from './git.ts';

/** What a file that holds a secret is remembered by: its name may be the secret. */
export function pathMark(path: string): string {
  return createHash('sha256').update(path).digest('hex');
}

/** Whether a change is one of a file with one of these marks, before or after a move. */
export function isMarked({ path, previousPath = path }: ChangedFile, marks: ReadonlySet<string>): boolean {
  return marks.has(pathMark(path)) || marks.has(pathMark(previousPath));
}

/** Bytes that are looked through at once; a single file above it is taken for one that holds a secret. */
const portionBytes = 16 * 1024 * 1024;

/**
 * Marks of the files that differ between two commits and hold a secret on either side, or are named after one: what was committed
 * before the work began may hold one too, and a diff would show it.
 */
export async function holdingSecrets(
  gitDirectory: string,
  range: { readonly from: string; readonly to: string },
  secrets: Redactor,
): Promise<readonly string[]> {
  const found = await changes(gitDirectory, range.from, range.to);
  const ids = new Set(found.flatMap(({ before, after }) => [before?.id, after?.id]).filter((id) => id !== undefined));
  const holding = await blobsHolding(gitDirectory, [...ids], secrets);
  return found
    .filter(
      ({ path, before, after }) =>
        secrets.find(path) !== undefined || holding.has(before?.id ?? '') || holding.has(after?.id ?? ''),
    )
    .map(({ path }) => pathMark(path));
}

async function blobsHolding(
  gitDirectory: string,
  ids: readonly string[],
  secrets: Redactor,
): Promise<ReadonlySet<string>> {
  const holding = new Set<string>();
  let portion: string[] = [];
  let bytes = 0;
  const look = async () => {
    for (const [id, text] of await textsOf(gitDirectory, portion)) {
      // Colour codes between its characters hide a secret until somebody takes them out.
      if (secrets.find(text) !== undefined || secrets.find(plainText(text)) !== undefined) holding.add(id);
    }
    portion = [];
    bytes = 0;
  };
  for (const [id, size] of await sizesOf(gitDirectory, ids)) {
    if (size > portionBytes) holding.add(id);
    else {
      if (bytes + size > portionBytes) await look();
      portion.push(id);
      bytes += size;
    }
  }
  await look();
  return holding;
}

/** Of those that are files: a submodule's commit is not there. */
async function sizesOf(gitDirectory: string, ids: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  if (ids.length === 0) return [];
  const { stdout } = await git(['cat-file', '--batch-check'], { gitDirectory, input: `${ids.join('\n')}\n` });
  return stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([id = '', type, size]) => (type === 'blob' ? [[id, Number(size)] as const] : []));
}

/** git-cat-file(1): each object is a line with its id, type and size, its bytes, and a newline. */
async function textsOf(gitDirectory: string, ids: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  if (ids.length === 0) return [];
  const { stdout } = await git(['cat-file', '--batch'], { gitDirectory, input: `${ids.join('\n')}\n` });
  const texts: (readonly [string, string])[] = [];
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf('\n', at);
    const [id = '', , size] = stdout.toString('utf8', at, end).split(' ');
    const from = end + 1;
    const to = from + Number(size);
    texts.push([id, stdout.toString('utf8', from, to)]);
    at = to + 1;
  }
  return texts;
}
