import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { NotAFileInside } from './open-inside.ts';

/** Called with each folder and file that was made. */
type OnMade = (made: FileHandle) => Promise<void>;

const asFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Without waiting for the reader of a pipe, which may never come. */
const asFile = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens an ordinary file below `root` for writing, empty; it and the folders above it are made where they are missing. `names` are
 * the parts of its path. Whoever else can write there may exchange any part for a link at any moment: each is opened below the one
 * that was opened before and never through a link, so that nothing is made or written elsewhere.
 * @throws NotAFileInside, or what the system says
 */
export async function createInside(root: string, names: readonly string[], onMade: OnMade): Promise<FileHandle> {
  let folder: Opened = { handle: await open(root, asFolder), path: root };
  try {
    for (const name of names.slice(0, -1)) {
      const next = await openFolder(folder, name, onMade);
      await folder.handle.close();
      folder = next;
    }
    return await openFile(below(folder, names.at(-1) ?? ''), onMade);
  } finally {
    await folder.handle.close();
  }
}

interface Opened {
  readonly handle: FileHandle;
  readonly path: string;
}

/** Where the system has no /proc there is no sandbox either, and who writes there could write everywhere. */
function below({ handle, path }: Opened, name: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${handle.fd}/${name}` : join(path, name);
}

async function openFolder(above: Opened, name: string, onMade: OnMade): Promise<Opened> {
  const made = await mkdir(below(above, name)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    },
  );
  const opened = { handle: await open(below(above, name), asFolder), path: join(above.path, name) };
  if (made) await onMade(opened.handle);
  return opened;
}

async function openFile(place: string, onMade: OnMade): Promise<FileHandle> {
  const file = await open(place, asFile | constants.O_CREAT, 0o644);
  try {
    if (!(await file.stat()).isFile()) throw new NotAFileInside('it is no ordinary file');
    await file.truncate();
    await onMade(file);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
