import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const commit = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Links from a name to another one that are followed; git itself follows five (refs.c, SYMREF_MAXDEPTH). */
const linkLimit = 5;

/**
 * The commit that a branch of a repository names (`HEAD` for where it is), read from git's files without starting git: for asking
 * often whether anything has changed. `undefined` when the files do not tell (a linked worktree, another reference format, no such
 * branch): then git itself has to be asked.
 */
export async function readTip(gitDirectory: string, branch: string): Promise<string | undefined> {
  if ((await read(gitDirectory, 'commondir')) !== undefined) return undefined;
  let name = branch === 'HEAD' ? 'HEAD' : `refs/heads/${branch}`;
  for (let links = 0; links <= linkLimit; links += 1) {
    const text = (await read(gitDirectory, name))?.trim();
    if (text === undefined) return packedTip(gitDirectory, name);
    if (commit.test(text)) return text;
    const target = /^ref: (refs\/heads\/[^\0]+)$/.exec(text)?.[1];
    if (target === undefined || target.split('/').includes('..')) return undefined;
    name = target;
  }
  return undefined;
}

async function packedTip(gitDirectory: string, name: string): Promise<string | undefined> {
  const packed = await read(gitDirectory, 'packed-refs');
  const line = packed?.split('\n').find((each) => each.endsWith(` ${name}`));
  const found = line?.slice(0, line.indexOf(' '));
  return found !== undefined && commit.test(found) ? found : undefined;
}

async function read(gitDirectory: string, name: string): Promise<string | undefined> {
  return readFile(join(gitDirectory, name), 'utf8').catch(() => undefined);
}
