import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canSandbox, sandboxed } from './sandbox.ts';

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'commander-sandbox-'));
  for (const folder of ['data/work', 'data/attachments', 'home/.ssh', 'home/.agent', 'home/.cache', 'elsewhere']) {
    await mkdir(join(base, folder), { recursive: true });
  }
  await writeFile(join(base, 'data/secret'), 'of another task');
  await writeFile(join(base, 'data/attachments/a.txt'), 'attached');
  await writeFile(join(base, 'home/.ssh/key'), 'private');
  await writeFile(join(base, 'home/.netrc'), 'password');
});

afterEach(() => rm(base, { recursive: true, force: true }));

/** Runs a script in the sandbox; what it says, and its exit code. */
async function run(script: string) {
  const { command, args } = sandboxed(
    {
      writable: [join(base, 'data/work')],
      readable: [join(base, 'data/attachments')],
      dataDirectory: join(base, 'data'),
      home: join(base, 'home'),
      keeps: ['.agent'],
    },
    '/bin/sh',
    ['-c', script],
  );
  const env = { PATH: '/usr/bin:/bin', B: base };
  const { stdout, exitCode } = await execa(command, args, { env, extendEnv: false, reject: false, stdin: 'ignore' });
  return { stdout, exitCode };
}

describe.skipIf(!canSandbox())('a sandbox (skipped where bubblewrap does not work)', () => {
  it('lets the work folder and the agent’s own files be written', async () => {
    expect((await run('echo x > $B/data/work/a && echo y > $B/home/.agent/b')).exitCode).toBe(0);
    expect(await readFile(join(base, 'data/work/a'), 'utf8')).toBe('x\n');
    expect(await readFile(join(base, 'home/.agent/b'), 'utf8')).toBe('y\n');
  });

  it.each([
    'echo x > $B/data/attachments/new',
    'echo x > /etc/commander-was-here',
    'echo x > /usr/bin/commander-was-here',
    'echo core > /proc/sys/kernel/core_pattern',
    'cat $B/data/secret',
    'cat $B/home/.ssh/key',
    'grep password $B/home/.netrc',
    'mount -t tmpfs none /mnt',
    'kill -0 $PPID && test $(ps ax | wc -l) -gt 20',
  ])('refuses %j', async (script) => {
    expect((await run(script)).exitCode).not.toBe(0);
  });

  it('shows what came with the request', async () => {
    expect((await run('cat $B/data/attachments/a.txt')).stdout).toBe('attached');
  });

  it('sees no other process and no variable of its parent', async () => {
    expect((await run('cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -c ^HOME= || true')).stdout).toBe('0');
  });

  it('forgets what is written elsewhere in the home folder’s caches', async () => {
    expect((await run('echo x > $B/home/.cache/y')).exitCode).toBe(0);
    expect(existsSync(join(base, 'home/.cache/y'))).toBe(false);
  });
});
