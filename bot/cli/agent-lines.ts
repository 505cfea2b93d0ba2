import { execa } from 'execa';
import { knownAgents } from '#core/agents/catalogue.ts';
import { type AgentSettings, type AgentSpec, agentSpecs } from '#core/agents/settings.ts';
import { isTooShort, SecretTooShortError } from '#core/text/redact.ts';
import { shorten } from '#core/text/shorten.ts';
import { findAgents } from '#workers/agents/find-agents.ts';
import { isBefore, loginOf, versionInstalled } from '#workers/agents/installed.ts';
import { commandPath } from '#workers/process/environment.ts';
import { preflight } from '#workers/process/preflight.ts';
import { doctorLine } from './doctor-line.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the doctor says of coding agents, a line each: of those that can be started here, and of the others. */
export interface AgentLines {
  readonly installed: readonly string[];
  readonly others: readonly string[];
}

/** Looks for the agents in the `PATH` of `env` and for their logins in its variables and its `HOME`. */
export async function agentLines(settings: AgentSettings, env: Environment): Promise<AgentLines> {
  const found = findAgents(settings, env.PATH);
  const missing = agentSpecs(settings).filter(({ id }) => !found.some((each) => each.id === id));
  return {
    installed: await Promise.all(found.map((spec) => installedLine(spec, env))),
    others: missing.map((spec) => missingLine(spec, env)),
  };
}

async function installedLine(spec: AgentSpec, env: Environment): Promise<string> {
  const { PATH: path = '' } = env;
  const found = preflight(spec.command, '/', commandPath(path));
  const program = 'path' in found ? found.path : spec.command;
  const version =
    versionInstalled(spec.command, path) ?? (await versionOf(program, ['--version'])) ?? 'version unknown';
  const { since } = knownAgents.find(({ id }) => id === spec.id) ?? {};
  if (since !== undefined && isBefore(version, since)) {
    return doctorLine(false, spec.name, `${version} is too old, ${since} or later is needed: ${spec.install}`);
  }
  const short = spec.secrets.find((name) => isTooShort(env[name] ?? ''));
  if (short !== undefined) return doctorLine(false, spec.name, `${version}. ${new SecretTooShortError(short).message}`);
  const login = loginOf(spec, env);
  const state =
    login === undefined ? '' : login.by === undefined ? `; not logged in: ${login.how}` : `; logged in by ${login.by}`;
  return doctorLine(login?.by !== undefined || login === undefined, spec.name, `${version} (${program})${state}`);
}

/** How to install it, and how to log in where that is still to be done. */
function missingLine(spec: AgentSpec, env: Environment): string {
  const { name, install } = spec;
  const login = loginOf(spec, env);
  const then = login === undefined ? '' : login.by === undefined ? `; then ${login.how}` : `; logged in by ${login.by}`;
  const words = install === undefined ? 'named in the settings, but its program was not found' : `${install}${then}`;
  return `  ${name.padEnd(14)} ${words}`;
}

/** The first line that a program says of its version; `undefined` when it says none within some seconds. */
export async function versionOf(program: string, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(program, args, { reject: false, timeout: 5_000, stdin: 'ignore' });
  const [first = ''] = (stdout ?? '').split('\n');
  return exitCode === 0 && first.trim() !== '' ? shorten(first.trim(), 60) : undefined;
}
