import { globFits, shellGlob } from './glob.ts';

/** Where a path leads, by its words alone: links are the worker's business. */
export type Place =
  /** A file of the work folder that an agent may change freely. */
  | 'inside'
  /** Of the work folder too, but it decides what runs later. */
  | 'guarded'
  /** Of the work folder too, but it may hold secrets: read only when a person allows it. */
  | 'private'
  /** The repository's own data. */
  | 'git'
  | 'outside'
  /** Keys and passwords. */
  | 'secret';

// Some file systems take upper and lower case for the same, so all patterns do.

/** Files and folders that decide what runs elsewhere later. */
const guarded = [
  /^\.github(\/(workflows|actions)(\/|$)|$)/i,
  /^\.gitlab-ci\.yml$/i,
  /^(\.circleci|\.buildkite)(\/|$)/i,
  /^(Jenkinsfile|azure-pipelines\.yml|\.travis\.yml)$/i,
  /^commander\.yaml$/i,
  /(^|\/)\.husky(\/|$)/i,
  /^\.vscode(\/(tasks|settings)\.json)?$/i,
  /(^|\/)\.git(modules|attributes)$/i,
  /(^|\/)(\.claude|\.codex|\.opencode|\.gemini|\.qwen|\.cursor)(\/|$)/i,
  /(^|\/)(\.mcp\.json|opencode\.jsonc?)$/i,
];

/** Files of a project that hold secrets, by custom. */
const personal = [/(^|\/)\.env(\.(?!example|sample|template)[^/]*)?$/i, /(^|\/)(\.npmrc|\.pypirc|\.yarnrc\.yml)$/i];

/** Names of guarded files that a pattern of a shell can stand for: `c*` is commander.yaml too. */
const guardedNames = ['commander.yaml', 'Jenkinsfile', 'azure-pipelines.yml', 'opencode.json'];

/** Keys, passwords and other processes, wherever they lie. */
const secret = [
  /(^|\/)\.(ssh|aws|gnupg|kube|password-store|azure)(\/|$)/i,
  /(^|\/)\.(netrc|pgpass|git-credentials|docker\/config\.json)$/i,
  /(^|\/)\.config\/(gcloud|gh|op)(\/|$)/i,
  /^\/etc\/(shadow|gshadow|sudoers|ssl\/private)/i,
  /^(\/var)?\/run\/(secrets|docker\.sock)(\/|$)/i,
  /^\/proc\/.*\/(environ|mem|maps|fd|root|cwd|cmdline)(\/|$)/i,
  /(^|\/)id_(rsa|ed25519|ecdsa)(\.pub)?$/i,
];

/** Devices that hold nothing. */
const nothing = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin', '/dev/tty']);

/** Where something runs. */
export interface Where {
  /** The work folder, absolute. */
  readonly worktree: string;
  /** The project's own folder, absolute: what people work in; absent: it has none on this machine. */
  readonly project?: string | undefined;
  /** The folders, absolute, that a relative path may start from: a `cd` before may have failed. */
  readonly folders: readonly string[];
  /** Where an absolute path really leads, links followed; absent: it is believed as it is written. */
  readonly follow?: ((path: string) => string) | undefined;
  readonly links?: FindLinks | undefined;
}

/**
 * Where links really lead; absolute paths: those that a pattern of a shell stands for (`named`), those that lie in a folder or below it
 * (`below`), or those that a path or a pattern names or that lie below what it names (`held`). `undefined`: there are more files than
 * can be looked at.
 */
export type FindLinks = (path: string, reach: LinkReach) => readonly string[] | undefined;

export type LinkReach = 'named' | 'below' | 'held';

/** Whether it is a device that holds nothing. */
export function isNothing(path: string): boolean {
  return nothing.has(path);
}

/** Whether `path` can mean the work folder itself. */
export function meansWhole(path: string, where: Where): boolean {
  if (path.startsWith('~')) return false;
  const roots = rootsOf(where);
  return meanings(path, where).some((each) => roots.includes(each));
}

/** All that `path` can mean: from each folder, as it is written and with its links followed. At least one. */
export function placesOf(path: string, where: Where): readonly Place[] {
  if (isNothing(path)) return ['inside'];
  // The shell's home is not the work folder.
  if (path.startsWith('~')) return [secret.some((pattern) => pattern.test(path)) ? 'secret' : 'outside'];
  const roots = rootsOf(where);
  return [...new Set(meanings(path, where).map((each) => placeOf(each, roots)))];
}

/** The places that links lead to, seen from each folder; `undefined`: there are too many files to know. */
export function linkedPlaces(path: string, reach: LinkReach, where: Where): readonly Place[] | undefined {
  const { folders, links } = where;
  if (links === undefined || path.startsWith('~')) return [];
  const wholes = path.startsWith('/') ? [path] : folders.map((folder) => `${folder}/${path}`);
  const found = wholes.map((whole) => links(whole, reach));
  const roots = rootsOf(where);
  return found.every((each) => each !== undefined)
    ? [...new Set(found.flat().map((each) => placeOf(normal(each), roots)))]
    : undefined;
}

/** The names in the work folder that `path` can mean; empty when it lies elsewhere. */
export function insideNames(path: string, where: Where): readonly string[] {
  if (path.startsWith('~')) return [];
  const roots = rootsOf(where).map((root) => `${root}/`);
  const names = meanings(path, where).flatMap((each) => {
    const root = roots.find((start) => each.startsWith(start));
    return root === undefined ? [] : [each.slice(root.length)];
  });
  return [...new Set(names)];
}

/** For each thing that `path` can mean, whether it lies in the project's own folder: outside of the work folder, and no secret. */
export function inProject(path: string, where: Where): readonly boolean[] {
  const { project } = where;
  if (project === undefined) return [false];
  // Where the home is, nobody says: it can lie there or not.
  if (path.startsWith('~')) return [true, false];
  const roots = rootsOf(where);
  const own = rootsOf({ ...where, worktree: project });
  const lies = (whole: string) => own.some((root) => whole === root || whole.startsWith(`${root}/`));
  return meanings(path, where).map((each) => lies(each) && placeOf(each, roots) === 'outside');
}

function meanings(path: string, { folders, follow }: Where): readonly string[] {
  const wholes = path.startsWith('/') ? [path] : folders.map((folder) => `${folder}/${path}`);
  return wholes.flatMap((whole) => (follow === undefined ? [whole] : [whole, follow(whole)])).map(normal);
}

/** The work folder may be reached by a link itself. */
function rootsOf({ worktree, follow }: Where): readonly string[] {
  return (follow === undefined ? [worktree] : [worktree, follow(worktree)]).map(normal);
}

function placeOf(whole: string, roots: readonly string[]): Place {
  const root = roots.find((each) => whole === each || whole.startsWith(`${each}/`));
  const inside = root === undefined ? undefined : whole.slice(root.length + 1);
  if (secret.some((pattern) => pattern.test(inside ?? whole))) return 'secret';
  if (inside === undefined) return 'outside';
  if (inside.split('/').some((part) => /^\.git$/i.test(part))) return 'git';
  if (personal.some((pattern) => pattern.test(inside))) return 'private';
  return guarded.some((pattern) => pattern.test(inside)) || /[^\P{C}]/u.test(inside) ? 'guarded' : 'inside';
}

/** Whether a pattern of a shell can stand for a file that is not plainly the agent's to use. */
export function mayMeanGuarded(glob: string): boolean {
  const parts = glob.split('/');
  // A leading dot is not meant by `*`, but by `.g*`.
  if (parts.some((part) => /^\.[^/]*[*?[]/.test(part))) return true;
  const name = parts.at(-1) ?? '';
  const fits = shellGlob(name.toLowerCase());
  return guardedNames.some((each) => globFits(fits, each.toLowerCase()));
}

/** Whether a pattern is about a folder of which some files decide what runs later. */
export function liesBesideGuarded(glob: string, where: Where): boolean {
  return insideNames(glob, where).some((name) => /^\.(github|vscode)\//i.test(name));
}

/** A path without `.`, `..` and double slashes. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
