import { constants } from 'node:fs';
import { access, lstat, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Redactor } from '#core/text/redact.ts';
import { whySecret } from '../outputs/holds-secret.ts';
import { git, splitParts } from './git.ts';
import { looksLikeGitDirectory, pointsInside } from './path-safety.ts';

/** A folder of files with the index that says what was last recorded of it. */
export interface Place {
  readonly gitDirectory: string;
  readonly workTree: string;
  readonly indexFile: string;
}

/** A file that is not recorded, and why, in words for people. */
export interface Excluded {
  readonly path: string;
  readonly why: string;
}

export interface Scan {
  /** Paths whose content differs from the index (new, changed or gone), relative to the folder. */
  readonly paths: readonly string[];
  /** Paths that were files and are folders now. */
  readonly becameFolders: readonly string[];
  readonly excluded: readonly Excluded[];
}

/** Bytes; a larger file would make every copy of the repository heavy for ever (GitHub refuses files above 100 MB). */
export const maxFileBytes = 100 * 1024 * 1024;
const atOnce = 64;

/**
 * What has changed in a folder since it was last recorded, split into what may be recorded and what must not be: links that
 * lead outside, repositories inside, special files, files too large or not readable, and those that hold one of `secrets`. What `.gitignore` excludes is not seen.
 */
export async function scan(place: Place, secrets?: Redactor): Promise<Scan> {
  const { stdout } = await git(['ls-files', '-z', '-m', '-d', '-o', '--exclude-standard'], place);
  const found = [...new Set(splitParts(stdout))];
  const realFolders = new Map<string, Promise<boolean>>();
  const paths: string[] = [];
  const becameFolders: string[] = [];
  const excluded: Excluded[] = [];
  const bare = await bareRepositories(place.workTree, found);
  for (let at = 0; at < found.length; at += atOnce) {
    const part = found.slice(at, at + atOnce);
    const verdicts = await Promise.all(part.map((path) => judge(place.workTree, path, { realFolders, bare, secrets })));
    for (const [index, path] of part.entries()) {
      const why = verdicts[index];
      if (why === undefined) paths.push(path);
      else if (why === folderNow) becameFolders.push(path);
      else if (why !== hidden) excluded.push({ path: (secrets?.redact(path) ?? path).replace(/\/$/, ''), why });
    }
  }
  return { paths, becameFolders, excluded };
}

/** Behind a link: not a file of this folder at all; recording the link itself takes it away. */
const hidden = 'hidden';
const folderNow = 'folder now';

interface Known {
  readonly realFolders: Map<string, Promise<boolean>>;
  readonly bare: readonly string[];
  readonly secrets: Redactor | undefined;
}

/** Why a path must not be recorded; `undefined` when it may. */
async function judge(folder: string, path: string, { realFolders, bare, secrets }: Known): Promise<string | undefined> {
  if (path.endsWith('/')) return 'it is a git repository of its own; only its own history can keep it';
  if (path.includes('\uFFFD')) return 'its name is not valid UTF-8';
  if (path.split('/').some(looksLikeGitDirectory)) return 'some systems would read its name as a git directory';
  if (bare.some((each) => path.startsWith(`${each}/`))) return 'it belongs to a bare git repository inside the folder';
  if (!(await isRealFolder(folder, dirname(path), realFolders))) return hidden;
  const place = join(folder, path);
  try {
    const found = await lstat(place);
    if (found.isSymbolicLink()) return judgeLink(path, await readlink(place));
    if (found.isDirectory()) return folderNow;
    if (!found.isFile()) return 'it is no ordinary file';
    if (found.size > maxFileBytes) return `it is larger than ${maxFileBytes / 1024 / 1024} MB`;
    await access(place, constants.R_OK);
    return secrets === undefined ? undefined : await whySecret(secrets, folder, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EACCES' || code === 'EPERM') return 'Commander is not allowed to read it';
    throw error;
  }
}

function judgeLink(path: string, target: string): string | undefined {
  if (/^\.gitmodules$/i.test(basename(path))) return 'git refuses a link of this name';
  return pointsInside(path, target) ? undefined : 'it is a link that leads out of the folder';
}

/** Whether every part of the path is a folder and none a link. What is missing counts as real: then the file is gone too. */
async function isRealFolder(folder: string, path: string, known: Map<string, Promise<boolean>>): Promise<boolean> {
  if (path === '.') return true;
  const cached = known.get(path);
  if (cached !== undefined) return cached;
  const answer = isRealFolder(folder, dirname(path), known).then(async (parent) => {
    if (!parent) return false;
    const found = await lstat(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EACCES') return undefined;
      throw error;
    });
    return found === undefined || !found.isSymbolicLink();
  });
  known.set(path, answer);
  return answer;
}

/** Folders among the found paths that git would take for a repository (S43): `HEAD`, `objects` and `refs` in one folder. */
async function bareRepositories(folder: string, found: readonly string[]): Promise<string[]> {
  const heads = found.filter((path) => path.endsWith('/HEAD')).map((path) => dirname(path));
  const answers = await Promise.all(
    heads.map(async (path) => (await isFolder(join(folder, path, 'objects'))) && isFolder(join(folder, path, 'refs'))),
  );
  return heads.filter((_, index) => answers[index]);
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
