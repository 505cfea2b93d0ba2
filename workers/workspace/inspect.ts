import { access, constants, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkspaceError } from './errors.ts';
import { git, gitText } from './git.ts';
import { gitDirectoryOf, looksBare, withoutGitSuffix } from './local-repository.ts';
import { remoteTip } from './sync-remote.ts';
import { readRepositoryHead, repositoryNotes } from './sync-repository.ts';
import { checkUrl, looksLikeUrl, nameOfUrl } from './url.ts';

type InspectionProblem =
  | 'gone'
  | 'not_a_directory'
  | 'not_absolute'
  | 'unreadable'
  | 'empty_repository'
  | 'unsupported_repository'
  | 'git_missing'
  | 'url_refused'
  | 'unreachable'
  | 'own_data';

export type Inspection =
  | {
      readonly ok: true;
      readonly kind: 'repository' | 'folder' | 'remote';
      /** The real path, or the URL. */
      readonly location: string;
      /** A name that a person would expect. */
      readonly name: string;
      /** None when the repository is at no branch, and for a folder. */
      readonly defaultBranch?: string;
      /** What a person should know, in whole sentences. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problem: InspectionProblem; readonly message: string };

/**
 * Looks at what a person wants to add as a project: decides of which kind it is and whether work can start from it. Writes
 * nothing. `home` is Commander's data directory, which is never a project.
 */
export async function inspectSource(pathOrUrl: string, { home }: { readonly home: string }): Promise<Inspection> {
  const text = pathOrUrl.trim();
  try {
    return looksLikeUrl(text) ? await inspectUrl(text, home) : await inspectPath(text, home);
  } catch (error) {
    if (error instanceof WorkspaceError && error.code === 'git_missing') return problem('git_missing', error.message);
    throw error;
  }
}

async function inspectUrl(url: string, home: string): Promise<Inspection> {
  const refused = checkUrl(url);
  if (refused !== undefined) return problem('url_refused', refused);
  const own = url.startsWith('file:') ? await ofCommander(fileURLToPath(url), home) : undefined;
  if (own !== undefined) return own;
  try {
    const { branch } = await remoteTip(url, undefined);
    return {
      ok: true,
      kind: 'remote',
      location: url,
      name: nameOfUrl(url),
      ...(branch === 'HEAD' ? {} : { defaultBranch: branch }),
      notes: [],
    };
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    if (error.code === 'source_unreachable') return problem('unreachable', error.message);
    if (error.code === 'no_commit') return problem('empty_repository', error.message);
    throw error;
  }
}

async function inspectPath(text: string, home: string): Promise<Inspection> {
  const path = text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : text;
  if (!isAbsolute(path) || path.includes('\0')) {
    return problem('not_absolute', `Give the whole path, from \`/\`, or a URL; not ${JSON.stringify(text)}.`);
  }
  const found = await findFolder(path);
  if (typeof found !== 'string') return found;
  const location = withoutGitSuffix(found);
  const own = await ofCommander(location, home);
  if (own !== undefined) return own;
  const ownData = await realpath(home).catch(() => home);
  if (await looksBare(location)) return inspectRepository(location, []);
  const top = await topOf(location);
  if (top === undefined) return inspectFolder(location, ownData);
  if (top === location) return inspectRepository(top, []);
  if (!(await isTracked(top, location))) return inspectFolder(location, ownData);
  return inspectRepository(top, [`${location} is part of the repository ${top}; the project is the whole repository.`]);
}

/** What the system makes up itself: there are no files to work on. */
const madeUp = ['/dev', '/proc', '/sys'];

/** What is said of a place in Commander's own data, or of none that has files; `undefined` of all others. */
async function ofCommander(place: string, home: string): Promise<Inspection | undefined> {
  const real = (path: string) => realpath(path).catch(() => path);
  const [location, ownData] = await Promise.all([real(place), real(home)]);
  if (isInside(location, ownData)) {
    return problem('own_data', `${location} belongs to Commander's own data; it cannot be a project.`);
  }
  return madeUp.some((folder) => isInside(location, folder))
    ? problem('own_data', `${location} belongs to the system; it cannot be a project.`)
    : undefined;
}

/** The real path of a folder that can be read, or what is wrong with it. */
async function findFolder(path: string): Promise<string | Inspection> {
  try {
    const location = await realpath(path);
    if (!(await stat(location)).isDirectory()) return problem('not_a_directory', `${path} is a file, not a folder.`);
    await access(location, constants.R_OK | constants.X_OK);
    return location;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') {
      return problem('gone', `There is no folder ${path} on this machine.`);
    }
    if (code === 'EACCES' || code === 'EPERM') {
      return problem(
        'unreadable',
        `Commander is not allowed to read ${path}. Give its user the right to, then try again.`,
      );
    }
    if (code === 'ELOOP') return problem('gone', `${path} is a link that leads in a circle.`);
    throw error;
  }
}

/** The top folder of the repository that a folder lies in; `undefined` when it lies in none. */
async function topOf(location: string): Promise<string | undefined> {
  const { stdout, exitCode } = await git(['rev-parse', '--show-toplevel'], { directory: location, answers: [128] });
  const top = stdout.toString('utf8').replace(/\n$/, '');
  return exitCode === 0 && top !== '' ? top : undefined;
}

async function isTracked(top: string, location: string): Promise<boolean> {
  const gitDirectory = await gitDirectoryOf(top);
  const some = await gitText(['ls-files', '--', relative(top, location)], {
    gitDirectory,
    workTree: top,
    maxOutput: 1024,
    tooMuch: 'cut',
  });
  return some !== '';
}

async function inspectRepository(location: string, notes: readonly string[]): Promise<Inspection> {
  const gitDirectory = await gitDirectoryOf(location);
  const head = await readRepositoryHead(gitDirectory);
  if (head.format !== 'sha1') {
    return problem(
      'unsupported_repository',
      `${location} names its objects by ${head.format}; only sha1 is supported.`,
    );
  }
  if (head.commit === undefined) {
    return problem(
      'empty_repository',
      `The repository ${location} has no commit yet. Make the first one, then try again.`,
    );
  }
  return {
    ok: true,
    kind: 'repository',
    location,
    name: basename(location).replace(/\.git$/, ''),
    ...(head.branch === undefined ? {} : { defaultBranch: head.branch }),
    notes: [...notes, ...(await repositoryNotes(gitDirectory, location, head.branch ?? 'HEAD'))],
  };
}

/** A plain folder is kept whole, so it must not hold Commander's own data. */
function inspectFolder(location: string, ownData: string): Inspection {
  if (isInside(ownData, location)) {
    return problem('own_data', `${location} holds Commander's own data (${ownData}). Add a folder below it instead.`);
  }
  return { ok: true, kind: 'folder', location, name: basename(location) || 'root', notes: [] };
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}

function problem(kind: InspectionProblem, message: string): Inspection {
  return { ok: false, problem: kind, message };
}
