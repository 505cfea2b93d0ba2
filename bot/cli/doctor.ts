import type { DiscordSettings, SlackSettings } from '#core/chat/platform.ts';
import { shorten } from '#core/text/shorten.ts';
import { canSandbox } from '#workers/agents/sandbox/sandbox.ts';
import { readSettingsFile } from '#workers/settings-file.ts';
import { readSettings } from '../settings.ts';
import { agentLines, versionOf } from './agent-lines.ts';
import { doctorLine } from './doctor-line.ts';

// `npm run doctor`: what this machine has for Commander, and what to do about what is missing.
const { home, slack, discord } = await readSettings(process.env).catch(sayAndEnd);
const settings = await readSettingsFile(home);
const agents = await agentLines(settings, process.env);

say('Machine', [
  doctorLine(true, 'Node', process.version),
  await versionLine('git', ['--version'], 'Install git.'),
  doctorLine(
    canSandbox(),
    'Sandbox',
    canSandbox()
      ? 'bubblewrap works: agents keep to their folders and to the hosts that they need'
      : 'none: install bubblewrap (bwrap) and allow user namespaces, to keep agents in their folders',
  ),
]);
say('Coding agents that are installed', agents.installed.length === 0 ? ['  none'] : agents.installed);
say('Others', agents.others);
if (slack !== undefined) say('Slack', await slackLines(slack));
if (discord !== undefined) say('Discord', await discordLines(discord));
if (agents.installed.length === 0)
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
  const known = name === undefined ? [] : [doctorLine(true, what, shorten(name, 60))];
  return [...known, ...concerns.map((concern) => doctorLine(false, 'To do', concern))];
}

async function versionLine(program: string, args: readonly string[], help: string): Promise<string> {
  const version = await versionOf(program, args);
  return doctorLine(version !== undefined, program, version ?? help);
}
