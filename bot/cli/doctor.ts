import { execa } from 'execa';
import { knownAgents } from '#core/agents/catalogue.ts';
import { type AgentSpec, agentSpecs } from '#core/agents/settings.ts';
import type { DiscordSettings, SlackSettings } from '#core/chat/platform.ts';
import { shorten } from '#core/text/shorten.ts';
import { findAgents } from '#workers/agents/find-agents.ts';
import { isBefore, loginOf, versionInstalled } from '#workers/agents/installed.ts';
import { canSandbox } from '#workers/agents/sandbox/sandbox.ts';
import { commandPath } from '#workers/process/environment.ts';
import { preflight } from '#workers/process/preflight.ts';
import { readSettingsFile } from '#workers/settings-file.ts';
import { readSettings } from '../settings.ts';

// `npm run doctor`: what this machine has for Commander, and what to do about what is missing.
const { home, slack, discord } = await readSettings(process.env).catch(sayAndEnd);
const settings = await readSettingsFile(home);
const found = findAgents(settings);
const missing = agentSpecs(settings).filter(({ id }) => !found.some((each) => each.id === id));

say('Machine', [
  line(true, 'Node', process.version),
  await versionLine('git', ['--version'], 'Install git.'),
  line(
    canSandbox(),
    'Sandbox',
    canSandbox()
      ? 'bubblewrap works: agents keep to their folders and to the hosts that they need'
      : 'none: install bubblewrap (bwrap) and allow user namespaces, to keep agents in their folders',
  ),
]);
say('Coding agents that are installed', found.length === 0 ? ['  none'] : await Promise.all(found.map(agentLine)));
say(
  'Others',
  missing.map(
    ({ name, install }) => `  ${name.padEnd(14)} ${install ?? 'named in the settings, but its program was not found'}`,
  ),
);
if (slack !== undefined) say('Slack', await slackLines(slack));
if (discord !== undefined) say('Discord', await discordLines(discord));
if (found.length === 0)
  process.stdout.write('\nInstall one and start Commander again: what no runbook does, it does then.\n');

/** Settings that can not be used are what the doctor has found. */
function sayAndEnd(error: unknown): never {
  if (!(error instanceof Error && 'code' in error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function say(title: string, lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
}

function line(good: boolean, name: string, words: string): string {
  return `  ${good ? '✓' : '✗'} ${name.padEnd(12)} ${words}`;
}

async function discordLines(given: DiscordSettings): Promise<readonly string[]> {
  const { checkDiscord } = await import('#adapters/discord/check.ts');
  const { name, concerns } = await checkDiscord(given);
  return platformLines('Bot', name, concerns);
}

async function slackLines(given: SlackSettings): Promise<readonly string[]> {
  const { checkSlack } = await import('#adapters/slack/check.ts');
  const { name, concerns } = await checkSlack(given);
  return platformLines('Workspace', name, concerns);
}

function platformLines(what: string, name: string | undefined, concerns: readonly string[]): readonly string[] {
  const known = name === undefined ? [] : [line(true, what, shorten(name, 60))];
  return [...known, ...concerns.map((concern) => line(false, 'To do', concern))];
}

async function versionLine(program: string, args: readonly string[], help: string): Promise<string> {
  const version = await versionOf(program, args);
  return line(version !== undefined, program, version ?? help);
}

async function agentLine(spec: AgentSpec): Promise<string> {
  const installed = versionInstalled(spec.command, process.env.PATH ?? '');
  const version = installed ?? (await versionOf(spec.command, ['--version'])) ?? 'version unknown';
  const { since } = knownAgents.find(({ id }) => id === spec.id) ?? {};
  if (since !== undefined && isBefore(version, since)) {
    return line(false, spec.name, `${version} is too old, ${since} or later is needed: ${spec.install}`);
  }
  const login = loginOf(spec, process.env);
  const state =
    login === undefined ? '' : login.by === undefined ? `; not logged in: ${login.how}` : `; logged in by ${login.by}`;
  const found = preflight(spec.command, '/', commandPath(process.env.PATH ?? ''));
  const place = 'path' in found ? ` (${found.path})` : '';
  return line(login?.by !== undefined || login === undefined, spec.name, `${version}${place}${state}`);
}

/** The first line that a program says of its version; `undefined` when it says none within some seconds. */
async function versionOf(program: string, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(program, args, { reject: false, timeout: 5_000, stdin: 'ignore' });
  const [first = ''] = (stdout ?? '').split('\n');
  return exitCode === 0 && first.trim() !== '' ? shorten(first.trim(), 60) : undefined;
}
