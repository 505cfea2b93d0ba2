import { randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Source } from './source.ts';

/**
 * Takes from every file the attributes that make git run a program or rewrite content by a rule from elsewhere;
 * `$GIT_DIR/info/attributes` wins over every `.gitattributes` of the tree.
 */
const harmlessAttributes = '* !filter !diff !merge !ident !working-tree-encoding\n';
/** A plain folder is kept byte for byte: no line ending is ever changed. */
const exactAttributes = '* !filter !diff !merge !ident !working-tree-encoding -text !eol\n';

/**
 * Makes sure that Commander's own bare repository of a project is there. It is written by hand (gitrepository-layout) in one
 * place and put where it belongs by a rename: it is there whole or not at all, and two processes may do it at once.
 */
export async function ensureRepository({ directory, kind }: Source): Promise<void> {
  if (await isThere(join(directory, 'HEAD'))) return;
  const draft = `${directory}.${randomUUID()}.draft`;
  await layOut(draft, {
    head: 'ref: refs/heads/main',
    config: '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n',
    attributes: kind === 'folder' ? exactAttributes : harmlessAttributes,
  });
  try {
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isThere(join(directory, 'HEAD')))) throw error;
  }
}

/** The folder of the objects of Commander's repository of a project. */
export function objectsOf({ directory }: Pick<Source, 'directory'>): string {
  return join(directory, 'objects');
}

/**
 * Lays a `.git` into a new work folder, so that commands at work there can use git. It borrows the objects of our repository
 * and is theirs to break: Commander never reads it again.
 */
export async function layThrowAwayGit(
  folder: string,
  { directory, head, branch, indexFile }: { directory: string; head: string; branch?: string; indexFile: string },
): Promise<void> {
  const gitDirectory = join(folder, '.git');
  await layOut(gitDirectory, {
    head: branch === undefined ? head : `ref: refs/heads/${branch}`,
    config:
      '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n[user]\n\tname = Commander\n\temail = commander@localhost\n',
    alternates: objectsOf({ directory }),
  });
  await copyFile(indexFile, join(gitDirectory, 'index'));
  if (branch === undefined) return;
  const reference = join(gitDirectory, 'refs', 'heads', branch);
  await mkdir(dirname(reference), { recursive: true });
  await writeFile(reference, `${head}\n`);
}

interface Layout {
  readonly head: string;
  readonly config: string;
  readonly attributes?: string;
  readonly alternates?: string;
}

async function layOut(directory: string, { head, config, attributes, alternates }: Layout): Promise<void> {
  for (const each of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info']) {
    await mkdir(join(directory, each), { recursive: true, mode: 0o755 });
  }
  if (attributes !== undefined) await writeFile(join(directory, 'info/attributes'), attributes);
  if (alternates !== undefined) await writeFile(join(directory, 'objects/info/alternates'), `${alternates}\n`);
  await writeFile(join(directory, 'config'), config);
  await writeFile(join(directory, 'HEAD'), `${head}\n`);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}
