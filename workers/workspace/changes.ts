import { git } from './git.ts';

export interface ChangedFile {
  readonly path: string;
  /** Where a renamed file was before. */
  readonly previousPath?: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  /** Lines; 0 for binary files. */
  readonly added: number;
  readonly removed: number;
  readonly binary: boolean;
}

/** One side of a changed file as git keeps it: mode such as `100644`, id of the content; `undefined` where there is no file. */
export interface FileState {
  readonly mode: string;
  readonly id: string;
}

export interface Change {
  readonly path: string;
  readonly before?: FileState;
  readonly after?: FileState;
}

/** The files that differ between two commits or trees, renames recognised, with counts of lines. */
export async function changedFiles(gitDirectory: string, from: string, to: string): Promise<ChangedFile[]> {
  const { stdout } = await git(['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', from, to], { gitDirectory });
  const parts = stdout.toString('utf8').split('\0');
  const files: ChangedFile[] = [];
  const positions = new Map<string, number>();
  for (let at = 0; at < parts.length && parts[at] !== ''; ) {
    const head = parts[at] ?? '';
    if (head.startsWith(':')) {
      const status = head.split(' ')[4]?.charAt(0) ?? 'M';
      const renamed = status === 'R' || status === 'C';
      const path = parts[at + (renamed ? 2 : 1)] ?? '';
      positions.set(path, files.length);
      files.push({
        path,
        ...(renamed ? { previousPath: parts[at + 1] } : {}),
        status: statusOf(status),
        added: 0,
        removed: 0,
        binary: false,
      });
      at += renamed ? 3 : 2;
    } else {
      const [added = '', removed = '', ...rest] = head.split('\t');
      const inline = rest.join('\t');
      const path = inline === '' ? (parts[at + 2] ?? '') : inline;
      count(files, positions.get(path), added, removed);
      at += inline === '' ? 3 : 1;
    }
  }
  return files;
}

/** The files that differ between two commits or trees, each path by itself, with what git keeps on both sides. */
export async function changes(gitDirectory: string, from: string, to: string): Promise<Change[]> {
  const { stdout } = await git(['diff-tree', '-r', '-z', '--no-renames', '--raw', from, to], { gitDirectory });
  const parts = stdout.toString('utf8').split('\0');
  const found: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = ''] = (parts[at] ?? '').slice(1).split(' ');
    found.push({
      path: parts[at + 1] ?? '',
      ...(oldMode === '000000' ? {} : { before: { mode: oldMode, id: oldId } }),
      ...(newMode === '000000' ? {} : { after: { mode: newMode, id: newId } }),
    });
  }
  return found;
}

function count(files: ChangedFile[], position: number | undefined, added: string, removed: string): void {
  const file = position === undefined ? undefined : files[position];
  if (position === undefined || file === undefined) return;
  files[position] =
    added === '-' ? { ...file, binary: true } : { ...file, added: Number(added), removed: Number(removed) };
}

function statusOf(letter: string): ChangedFile['status'] {
  if (letter === 'A' || letter === 'C') return 'added';
  if (letter === 'D') return 'deleted';
  return letter === 'R' ? 'renamed' : 'modified';
}
