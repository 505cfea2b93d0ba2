import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObeyedFiles } from '#core/agents/catalogue.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import { joinWords } from '#core/text/list.ts';
import { worksWalled } from './sandbox/wall-in.ts';

/** What of a project an agent would obey past the policy. */
export interface Obeyed {
  /** As the project names it. */
  readonly name: string;
  readonly path: string;
  /** A sandbox can hide the first two. */
  readonly kind: 'folder' | 'file' | 'neither';
}

/**
 * What of a work folder must be hidden from an agent, so that the project does not loosen what it may do. Where it can not be
 * hidden, the problem that keeps the agent from being started.
 */
export async function hiddenFrom(
  spec: AgentSpec,
  folder: string,
): Promise<{ readonly what: readonly Obeyed[] } | { readonly problem: string }> {
  const what = await findObeyed(folder, spec.obeys);
  const links = what.filter(({ kind }) => kind === 'neither');
  if (links.length > 0) return { problem: problemOf(spec, links, 'A sandbox can not hide a symbolic link.') };
  if (what.length === 0 || worksWalled(spec)) return { what };
  return {
    problem: problemOf(spec, what, 'A sandbox (bubblewrap) hides that from it, and here it works without one.'),
  };
}

function problemOf({ name }: AgentSpec, what: readonly Obeyed[], why: string): string {
  const names = joinWords(what.map((each) => `\`${each.name}\``));
  return `${name} was not started: it would obey ${names} of the project, past the policy. ${why} Another agent can do it.`;
}

async function findObeyed(folder: string, obeys: ObeyedFiles | undefined): Promise<readonly Obeyed[]> {
  const found: Obeyed[] = [];
  for (const name of obeys?.places ?? []) {
    const path = join(folder, name);
    const there = await lstat(path).catch(missing);
    if (there === undefined) continue;
    const kind = kindOf(there);
    if (kind === 'folder' && (await holdsOnly(path, obeys?.texts ?? []))) continue;
    found.push({ name, path, kind });
  }
  return found;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function kindOf(there: Stats): Obeyed['kind'] {
  if (there.isDirectory()) return 'folder';
  return there.isFile() ? 'file' : 'neither';
}

async function holdsOnly(folder: string, texts: readonly string[]): Promise<boolean> {
  return (await readdir(folder)).every((name) => texts.includes(name));
}
