/** Where a path leads, by its words alone: links are the worker's business. */
export type Place =
  /** A file of the work folder that an agent may change freely. */
  | 'inside'
  /** Of the work folder too, but it decides what runs later, or holds secrets. */
  | 'guarded'
  /** The repository's own data. */
  | 'git'
  | 'outside'
  /** Keys and passwords. */
  | 'secret';

/** Files that decide what runs elsewhere later, or that hold secrets. */
const guarded = [
  /^\.github\/(workflows|actions)\//,
  /^\.gitlab-ci\.yml$/,
  /^(\.circleci|\.buildkite)\//,
  /^(Jenkinsfile|azure-pipelines\.yml|\.travis\.yml)$/,
  /^commander\.yaml$/,
  /(^|\/)\.env(\.(?!example|sample|template)[^/]*)?$/,
  /(^|\/)(\.npmrc|\.pypirc|\.netrc)$/,
  /(^|\/)\.husky\//,
  /^\.vscode\/(tasks|settings)\.json$/,
  /(^|\/)(\.claude|\.codex|\.opencode|\.gemini|\.qwen)\//,
];

/** Keys, passwords and other processes, wherever they lie. */
const secret = [
  /(^|\/)\.(ssh|aws|gnupg|kube|password-store)(\/|$)/,
  /(^|\/)\.(netrc|pgpass|git-credentials|docker\/config\.json)$/,
  /(^|\/)\.config\/(gcloud|gh|op)(\/|$)/,
  /^\/etc\/(shadow|gshadow|sudoers)/,
  /^\/proc\/[^/]+\/(environ|mem|fd|root|cwd)/,
  /(^|\/)id_(rsa|ed25519|ecdsa)(\.pub)?$/,
];

/** Devices that hold nothing. */
const nothing = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin', '/dev/tty']);

/** Where `path` leads, from the folder `cwd`, for an agent whose work folder is `worktree`. */
export function placeOf(path: string, { worktree, cwd }: { readonly worktree: string; readonly cwd: string }): Place {
  if (nothing.has(path)) return 'inside';
  // The shell's home is not the work folder.
  if (path.startsWith('~')) return secret.some((pattern) => pattern.test(path)) ? 'secret' : 'outside';
  const whole = normal(path.startsWith('/') ? path : `${cwd}/${path}`);
  const root = normal(worktree);
  const inside = whole === root ? '' : whole.startsWith(`${root}/`) ? whole.slice(root.length + 1) : undefined;
  if (secret.some((pattern) => pattern.test(inside ?? whole))) return 'secret';
  if (inside === undefined) return 'outside';
  if (inside.split('/').includes('.git')) return 'git';
  return guarded.some((pattern) => pattern.test(inside)) ? 'guarded' : 'inside';
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
