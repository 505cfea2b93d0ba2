import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AgentSpec, agentSettings, agentSpecs } from '#core/agents/settings.ts';
import type { Script, StubOptions } from './script.ts';

/** The scripted agent as a worker starts it. `folder` keeps its sessions and what it was told. */
export function stubAgent(
  folder: string,
  script: Script,
  more: Partial<Omit<StubOptions, 'script' | 'state'>> & {
    readonly limits?: object;
    readonly secrets?: readonly string[];
  } = {},
): AgentSpec {
  const { limits = {}, secrets = [], ...behaviour } = more;
  const file = join(folder, 'stub-agent.json');
  writeFileSync(file, JSON.stringify({ script, state: join(folder, 'stub-state'), ...behaviour }));
  const settings = agentSettings.parse({
    find: false,
    agents: {
      stub: {
        name: 'Stub',
        command: process.execPath,
        args: [fileURLToPath(new URL('./main.ts', import.meta.url)), file],
        secrets: [...secrets],
        home: 'project',
        // Its own program and its sessions lie where a sandbox shows nothing.
        sandbox: 'off',
        limits,
      },
    },
  });
  const [spec] = agentSpecs(settings);
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
