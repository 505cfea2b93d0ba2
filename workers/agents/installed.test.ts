import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownAgents } from '#core/agents/catalogue.ts';
import { agentSettings, agentSpecs } from '#core/agents/settings.ts';
import { isBefore, loginOf, versionInstalled } from './installed.ts';

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
  const specs = agentSpecs(agentSettings.parse({}));
  const withKey = specs.filter(({ id }) => knownAgents.every((each) => each.id !== id || each.provider === undefined));

  it.each(withKey.map((spec) => [spec.id, spec] as const))('of %s is seen', async (id, spec) => {
    const known = knownAgents.find((each) => each.id === id);
    expect(loginOf(spec, { HOME: home })).toEqual({ how: known?.login });
    await file(known?.loginFiles[0] ?? '');
    expect(loginOf(spec, { HOME: home })).toEqual({ by: `~/${known?.loginFiles[0]}` });
    expect(loginOf(spec, { HOME: home, [spec.secrets[0] ?? '']: 'key' })).toEqual({ by: spec.secrets[0] });
  });

  it('of Goose is a provider and a model that somebody chose; a key alone is none', async () => {
    const [goose] = agentSpecs(agentSettings.parse({})).filter(({ id }) => id === 'goose');
    if (goose === undefined) throw new Error('Goose is not known');
    const login = (env: object = {}, spec = goose) => loginOf(spec, { HOME: home, ...env });
    const config = (text: string) => file('.config/goose/config.yaml', text);
    const missing = { how: expect.stringContaining('goose configure') };
    expect(login({ OPENAI_API_KEY: 'key' })).toEqual(missing);
    await config('active_provider: anthropic\n');
    expect(login({ ANTHROPIC_API_KEY: 'key' })).toEqual(missing);
    await config('active_provider: anthropic\nproviders:\n  anthropic: { enabled: true, model: claude }\n');
    expect(login({ ANTHROPIC_API_KEY: 'key' })).toEqual({
      by: 'the provider anthropic with claude, and ANTHROPIC_API_KEY',
    });
    expect(login({ OPENAI_API_KEY: 'key' })).toEqual({
      by: 'the provider anthropic with claude, and no key that can be seen here',
    });
    await file('.config/goose/secrets.yaml');
    expect(login()).toEqual({ by: 'the provider anthropic with claude, and a key in ~/.config/goose/secrets.yaml' });
    await config('GOOSE_PROVIDER: ollama\nGOOSE_MODEL: qwen\n');
    expect(login()).toMatchObject({ by: expect.stringMatching(/^the provider ollama with qwen,/) });
    const told = { ...goose, env: { GOOSE_PROVIDER: 'openai' }, model: 'gpt' };
    expect(login({ OPENAI_API_KEY: 'key' }, told)).toEqual({ by: 'the provider openai with gpt, and OPENAI_API_KEY' });
    await config('active_provider: [not a name');
    expect(login()).toEqual(missing);
  });

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

  it('is not that of a package that the program only lies below', async () => {
    await chmod(await file('bin/agent', '#!/bin/sh\n'), 0o755);
    await file('package.json', JSON.stringify({ version: '9.9.9', bin: { other: 'bin/other' } }));
    expect(versionInstalled('agent', join(home, 'bin'))).toBeUndefined();
    await file('package.json', 'no JSON');
    expect(versionInstalled('agent', join(home, 'bin'))).toBeUndefined();
  });

  it.each([
    ['1.7.9', true],
    ['goose 1.10.0', false],
    [' 1.8', false],
    ['v0.9.1 (abc)', true],
    ['2', false],
    ['version unknown', false],
  ])('%s is compared with the oldest that can be used', (said, before) => expect(isBefore(said, '1.8.0')).toBe(before));

  it('of what is in no package, or not there, is not known', async () => {
    await chmod(await file('bin/agent', '#!/bin/sh\n'), 0o755);
    expect(versionInstalled('agent', join(home, 'bin'))).toBeUndefined();
    expect(versionInstalled('nothing', join(home, 'bin'))).toBeUndefined();
  });
});
