import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownAgents } from '#core/agents/catalogue.ts';
import { agentSettings } from '#core/agents/settings.ts';
import { findAgents } from '#workers/agents/find-agents.ts';
import { agentLines } from './agent-lines.ts';

let home: string;
let bin: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-agents-'));
  bin = join(home, 'bin');
  await mkdir(bin);
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A program that says its version and does nothing else. */
async function install(name: string, version = '1.0.0'): Promise<string> {
  const path = join(bin, name);
  await writeFile(path, `#!/bin/sh\n[ "$1" = --version ] && echo '${version}'\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the doctor', () => {
  const looked = (settings: object = {}, env: object = {}) =>
    agentLines(agentSettings.parse(settings), { PATH: bin, HOME: home, ...env });

  it('says of an agent that is installed its version, its place, and whether and how to log in', async () => {
    const path = await install('opencode', 'opencode 1.18.0');
    const { installed } = await looked();
    expect(installed).toEqual([
      `  ✗ opencode     opencode 1.18.0 (${path}); not logged in: run \`opencode auth login\``,
    ]);
    const key = await looked({}, { OPENAI_API_KEY: 'a-key' });
    expect(key.installed).toEqual([`  ✓ opencode     opencode 1.18.0 (${path}); logged in by OPENAI_API_KEY`]);
  });

  it('says of one whose key is too short to be hidden that it can not be started with that', async () => {
    await install('opencode', '1.18.0');
    const { installed } = await looked({}, { OPENAI_API_KEY: 'x' });
    expect(installed).toEqual([
      expect.stringMatching(/^ {2}✗ opencode +1\.18\.0\. The secret OPENAI_API_KEY is shorter than 4 characters/),
    ]);
  });

  it('says of one that is too old which version is needed, and how it is installed', async () => {
    await install('gemini', '0.32.9');
    const { installed } = await looked();
    expect(installed).toEqual([
      '  ✗ Gemini CLI   0.32.9 is too old, 0.33.0 or later is needed: npm install --global @google/gemini-cli',
    ]);
    await install('gemini', '0.33.0');
    expect((await looked({}, { GEMINI_API_KEY: 'a-key' })).installed[0]).toMatch(
      /✓ Gemini CLI +0\.33\.0 .*GEMINI_API_KEY$/,
    );
  });

  it('says of each that is missing how to install it and how to log in then, where nobody has', async () => {
    const { installed, others } = await looked();
    expect(installed).toEqual([]);
    expect(others).toEqual(
      knownAgents.map(({ name, install: how, login }) => `  ${name.padEnd(14)} ${how}; then ${login}`),
    );
    const [first] = (await looked({}, { ANTHROPIC_API_KEY: 'a-key' })).others;
    expect(first).toMatch(/^ {2}Claude Code +npm install \S+ \S+; logged in by ANTHROPIC_API_KEY$/);
  });

  it('says of one of the settings alone that its program was not found, and guesses no login', async () => {
    const mine = { find: false, agents: { mine: { command: 'not-there' } } };
    expect((await looked(mine)).others).toEqual([
      '  mine           named in the settings, but its program was not found',
    ]);
  });
});

describe('the agents that can be started', () => {
  const found = (settings: object) => findAgents(agentSettings.parse(settings), bin).map(({ id }) => id);

  it('begin with the one that the settings choose, if it is installed', async () => {
    for (const program of ['claude-agent-acp', 'opencode', 'qwen']) await install(program);
    expect(found({})).toEqual(['claude', 'opencode', 'qwen']);
    expect(found({ agent: 'opencode' })).toEqual(['opencode', 'claude', 'qwen']);
    expect(found({ agent: 'gemini' })).toEqual(['claude', 'opencode', 'qwen']);
  });
});
