import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentSettings, agentSpecs } from '#core/agents/settings.ts';
import { sandboxMissing } from '#tests/missing.ts';
import { hiddenFrom } from './obeyed.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-obeyed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function specOf(id: string, sandbox: 'auto' | 'off') {
  const spec = agentSpecs(agentSettings.parse({ agents: { [id]: { sandbox } } })).find((each) => each.id === id);
  if (spec === undefined) throw new RangeError(`no agent ${id}`);
  return spec;
}

async function write(path: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), '');
}

it.each([
  ['claude', 'default'],
  ['codex', 'read-only'],
  ['goose', 'approve'],
  ['qwen', 'default'],
])('%s, which can begin in a mode in which it asks nothing, works in %s', (id, mode) => {
  expect(specOf(id, 'auto').mode).toBe(mode);
});

describe('what an agent would obey of a project', () => {
  it.each([
    ['gemini', '.gemini/settings.json', '.gemini'],
    ['gemini', '.gemini/.env', '.gemini'],
    ['gemini', '.env', '.env'],
    ['qwen', '.qwen/settings.json', '.qwen'],
    ['qwen', '.mcp.json', '.mcp.json'],
    ['qwen', '.agents/skills/all/SKILL.md', '.agents'],
    ['codex', '.codex/config.toml', '.codex'],
    ['goose', '.agents/plugins/mine/hooks/hooks.json', '.agents'],
  ])('%s is not started beside %s without a sandbox; another agent can do it', async (id, path, name) => {
    await write(path);
    const hidden = await hiddenFrom(specOf(id, 'off'), folder);
    expect(hidden).toEqual({ problem: expect.stringContaining(`would obey \`${name}\` of the project`) });
    expect(hidden).toEqual({ problem: expect.stringContaining('Another agent can do it') });
  });

  it.skipIf(sandboxMissing())('is hidden in a sandbox (skipped where bubblewrap does not work)', async () => {
    await write('.gemini/settings.json');
    await write('.env');
    expect(await hiddenFrom(specOf('gemini', 'auto'), folder)).toEqual({
      what: [
        { name: '.gemini', path: join(folder, '.gemini'), kind: 'folder' },
        { name: '.env', path: join(folder, '.env'), kind: 'file' },
      ],
    });
  });

  it('is not what only are texts, what lies deeper, or what another agent obeys', async () => {
    await write('.gemini/styleguide.md');
    await write('docs/.env');
    await write('.codex/config.toml');
    expect(await hiddenFrom(specOf('gemini', 'off'), folder)).toEqual({ what: [] });
    await write('.gemini/settings.json');
    expect(await hiddenFrom(specOf('claude', 'off'), folder)).toEqual({ what: [] });
    expect(await hiddenFrom(specOf('opencode', 'off'), folder)).toEqual({ what: [] });
  });

  it('can not be hidden as a link to elsewhere: the agent is not started', async () => {
    await write('settings/config.toml');
    await symlink('settings', join(folder, '.codex'));
    expect(await hiddenFrom(specOf('codex', 'auto'), folder)).toEqual({
      problem: expect.stringContaining('can not hide a symbolic link'),
    });
  });
});
