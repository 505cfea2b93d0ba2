import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AgentSpec, agentSettings, agentSpecs } from '#core/agents/settings.ts';
import type { Script, StubOptions } from './script.ts';

type More = Partial<Omit<StubOptions, 'script'>> & {
  readonly limits?: object;
  readonly secrets?: readonly string[];
  /** Other settings of the agent. */
  readonly said?: object;
};

/** Settings with the scripted agent and no other. `folder` keeps its sessions and what it was told. */
export function stubSettings(folder: string, script: Script, more: More = {}): object {
  const { limits = {}, secrets = [], said = {}, ...behaviour } = more;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'stub-agent.json');
  writeFileSync(file, JSON.stringify({ script, state: join(folder, 'stub-state'), ...behaviour }));
  const stub = {
    name: 'Stub',
    command: process.execPath,
    args: [fileURLToPath(new URL('./main.ts', import.meta.url)), file],
    secrets: [...secrets],
    home: 'project',
    // Its own program and its sessions lie where a sandbox shows nothing.
    sandbox: 'off',
    limits,
    ...said,
  };
  return { find: false, agents: { stub } };
}

/** The scripted agent as a worker starts it. */
export function stubAgent(folder: string, script: Script, more: More = {}): AgentSpec {
  const [spec] = agentSpecs(agentSettings.parse(stubSettings(folder, script, more)));
  if (spec === undefined) throw new RangeError('the settings name one agent');
  return spec;
}

/** What the agent was told, in order: method and parameters. */
export function toldTo(folder: string): readonly { readonly method: string; readonly params: unknown }[] {
  return readFileSync(join(folder, 'stub-state', 'log.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
