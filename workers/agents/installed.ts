import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { knownAgents } from '#core/agents/catalogue.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import { commandPath } from '../process/environment.ts';
import { preflight } from '../process/preflight.ts';

/** Whether somebody has logged in to an agent, as far as this machine shows it: `by` what, or `how` it is done. */
export type Login = { readonly by: string } | { readonly by?: undefined; readonly how: string };

/** Looks at variables and files, not at the network: a login can have run out. `undefined`: nothing is known of that agent. */
export function loginOf(
  { id, secrets }: AgentSpec,
  env: Readonly<Record<string, string | undefined>>,
): Login | undefined {
  const known = knownAgents.find((each) => each.id === id);
  const variable = secrets.find((name) => (env[name] ?? '') !== '');
  if (variable !== undefined) return { by: variable };
  if (known === undefined) return undefined;
  const { HOME: home = '/' } = env;
  const file = known.loginFiles.find((name) => existsSync(join(home, name)));
  return file === undefined ? { how: known.login } : { by: `~/${file}` };
}

const packageFile = z.object({ version: z.string(), bin: z.union([z.string(), z.record(z.string(), z.string())]) });

/** The version of the npm package that a program belongs to, without starting it; some agents take any start for a session. */
export function versionInstalled(command: string, path: string): string | undefined {
  const found = preflight(command, '/', commandPath(path));
  if ('problem' in found) return undefined;
  let folder = dirname(realpathSync(found.path));
  while (folder !== dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return packageFile.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.version;
    folder = dirname(folder);
  }
  return undefined;
}
