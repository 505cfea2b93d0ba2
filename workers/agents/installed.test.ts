import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownAgents } from '#core/agents/catalogue.ts';
import { agentSettings, agentSpecs } from '#core/agents/settings.ts';
import { loginOf, versionInstalled } from './installed.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commander-installed-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function file(name: string, text = ''): Promise<string> {
  const path = join(home, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('a login', () => {
  it.each(agentSpecs(agentSettings.parse({})).map((spec) => [spec.id, spec] as const))(
    'of %s is seen',
    async (id, spec) => {
      const known = knownAgents.find((each) => each.id === id);
      expect(loginOf(spec, { HOME: home })).toEqual({ how: known?.login });
      await file(known?.loginFiles[0] ?? '');
      expect(loginOf(spec, { HOME: home })).toEqual({ by: `~/${known?.loginFiles[0]}` });
      expect(loginOf(spec, { HOME: home, [spec.secrets[0] ?? '']: 'key' })).toEqual({ by: spec.secrets[0] });
    },
  );

  it('of an agent that only the settings know is not guessed', () => {
    const [spec] = agentSpecs(agentSettings.parse({ find: false, agents: { mine: { command: '/bin/mine' } } }));
    expect(spec && loginOf(spec, { HOME: home })).toBeUndefined();
  });
});

describe('a version', () => {
  it('is that of the package that a program belongs to, which is not started', async () => {
    const program = await file('lib/node_modules/agent/dist/index.js', '#!/bin/sh\nexit 1\n');
    await chmod(program, 0o755);
    await file(
      'lib/node_modules/agent/package.json',
      JSON.stringify({ version: '1.2.3', bin: { agent: 'dist/index.js' } }),
    );
    await mkdir(join(home, 'bin'));
    await symlink(program, join(home, 'bin/agent'));
    expect(versionInstalled('agent', join(home, 'bin'))).toBe('1.2.3');
  });

  it('of what is in no package, or not there, is not known', async () => {
    await chmod(await file('bin/agent', '#!/bin/sh\n'), 0o755);
    expect(versionInstalled('agent', join(home, 'bin'))).toBeUndefined();
    expect(versionInstalled('nothing', join(home, 'bin'))).toBeUndefined();
  });
});
