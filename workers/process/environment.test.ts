import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { baseEnvironment, commandPath } from './environment.ts';

describe('baseEnvironment', () => {
  it('passes nothing on of the bot’s own environment but the search path', () => {
    for (const name of ['SLACK_TOKEN', 'NODE_OPTIONS', 'GIT_DIR', 'npm_config_registry', 'LD_PRELOAD'])
      vi.stubEnv(name, 'secret');
    const environment = baseEnvironment({ HOME: '/home/run', GREETING: 'hello' });
    vi.unstubAllEnvs();
    expect(Object.keys(environment).sort()).toEqual(['GREETING', 'HOME', 'LANG', 'PATH', 'TERM', 'TMPDIR']);
    expect(environment).toMatchObject({ HOME: '/home/run', LANG: 'C.UTF-8', TERM: 'dumb' });
  });
});

describe('commandPath', () => {
  it('leaves out what npm added for Commander itself, and relative folders', () => {
    const root = '/srv/commander';
    const added = [
      '/srv/commander/node_modules/.bin',
      '/srv/node_modules/.bin',
      '/node_modules/.bin',
      '/lib/npm/node-gyp-bin',
    ];
    const path = [...added, '', '.', 'bin', '/usr/bin', '/opt/tools/node_modules/.bin', '/bin'].join(':');
    expect(commandPath(path, root)).toBe('/usr/bin:/opt/tools/node_modules/.bin:/bin');
  });

  it('knows the folder that it runs from', () => {
    expect(commandPath(`${join(process.cwd(), 'node_modules/.bin')}:/usr/bin`)).toBe('/usr/bin');
  });

  it('is never empty', () => {
    expect(commandPath('')).toBe('/usr/local/bin:/usr/bin:/bin');
  });
});
