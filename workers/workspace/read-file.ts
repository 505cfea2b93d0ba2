import { WorkspaceError } from './errors.ts';
import { git, gitParts } from './git.ts';
import { commitOf, type Source } from './source.ts';

/** The content of a file in a commit; `undefined` when the commit has no such file. Larger than `maxBytes` is refused. */
export async function readFileAt(
  { directory }: Source,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const call = { gitDirectory: directory };
  const [entry] = await gitParts(['ls-tree', '-z', '-l', '--full-tree', commitOf(commit), '--', path], call);
  if (entry === undefined) return undefined;
  const [mode = '', , id = '', size = ''] = entry.split('\t')[0]?.split(/ +/) ?? [];
  if (mode !== '100644' && mode !== '100755') {
    throw new WorkspaceError('not_a_file', `${path} is no ordinary file in this project (a folder or a link).`);
  }
  if (Number(size) > maxBytes) {
    throw new WorkspaceError('file_too_large', `${path} has ${size} bytes; at most ${maxBytes} can be read.`);
  }
  const { stdout } = await git(['cat-file', 'blob', id], { ...call, maxOutput: maxBytes + 1 });
  return stdout;
}
