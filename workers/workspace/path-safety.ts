import { dirname } from 'node:path';

/** Characters that Apple's file system ignores in names (git's own list for core.protectHFS). */
const ignoredByApple = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Whether some file system would read this part of a path as `.git`: other case, `git~1`, trailing dots, `.git::$INDEX…`. */
export function looksLikeGitDirectory(part: string): boolean {
  const plain = part
    .replaceAll(ignoredByApple, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[ .]+$/, '');
  return plain === '.git' || plain === 'git~1';
}

/**
 * Whether a link at `path` stays inside the folder. Only targets that go up first and then down count: with `..` after a name,
 * other links on the way could lead out although the text looks harmless.
 */
export function pointsInside(path: string, target: string): boolean {
  if (target.startsWith('/') || target === '') return false;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const down = parts.findIndex((part) => part !== '..');
  const up = down === -1 ? parts.length : down;
  if (parts.slice(up).some((part) => part === '..' || looksLikeGitDirectory(part))) return false;
  const folder = dirname(path);
  const depth = folder === '.' ? 0 : folder.split('/').length;
  return up <= depth;
}
