import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { knownAgents } from '#core/agents/catalogue.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import { commandPath } from '../process/environment.ts';
import { preflight } from '../process/preflight.ts';
import { providerInUse } from './provider-login.ts';

/** Whether somebody has logged in to an agent, as far as this machine shows it: `by` what, or `how` it is done. */
export type Login = { readonly by: string } | { readonly by?: undefined; readonly how: string };

/** Looks at variables and files, not at the network: a login can have run out. `undefined`: nothing is known of that agent. */
export function loginOf(spec: AgentSpec, env: Readonly<Record<string, string | undefined>>): Login | undefined {
  const { id, secrets } = spec;
  const known = knownAgents.find((each) => each.id === id);
  if (known?.provider !== undefined) {
    const used = providerInUse(spec, known.provider, env);
    return used === undefined ? { how: known.login } : { by: used };
  }
  const variable = secrets.find((name) => (env[name] ?? '') !== '');
  if (variable !== undefined) return { by: variable };
  if (known === undefined) return undefined;
  const { HOME: home = '/' } = env;
  const file = known.loginFiles.find((name) => existsSync(join(home, name)));
  return file === undefined ? { how: known.login } : { by: `~/${file}` };
}

const packageFile = z
  .string()
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      addIssue('is no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ version: z.string(), bin: z.union([z.string(), z.record(z.string(), z.string())]) }));

/** The version of the npm package that a program belongs to, without starting it; some agents take any start for a session. */
export function versionInstalled(command: string, path: string): string | undefined {
  const found = preflight(command, '/', commandPath(path));
  if ('problem' in found) return undefined;
  const program = realpathSync(found.path);
  let folder = dirname(program);
  while (folder !== dirname(folder)) {
    const version = versionOfPackage(join(folder, 'package.json'), program);
    if (version !== undefined) return version;
    folder = dirname(folder);
  }
  return undefined;
}

/** The version in this file, where its package has that program: one of a home folder says nothing of what lies below it. */
function versionOfPackage(file: string, program: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const read = packageFile.safeParse(readFileSync(file, 'utf8')).data;
  const programs = typeof read?.bin === 'string' ? [read.bin] : Object.values(read?.bin ?? {});
  return programs.some((each) => resolve(dirname(file), each) === program) ? read?.version : undefined;
}

/** Whether a version, as a program says it, comes before another; what says no version does not. */
export function isBefore(said: string, least: string): boolean {
  const have = numbersIn(said);
  const want = numbersIn(least);
  const differs = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return have.length > 0 && differs >= 0 && (have[differs] ?? 0) < (want[differs] ?? 0);
}

function numbersIn(version: string): readonly number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0].split('.') ?? []).map(Number);
}
