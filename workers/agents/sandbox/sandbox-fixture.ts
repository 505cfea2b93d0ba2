import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Egress, openEgress } from './egress.ts';
import { prepareSandbox, type SandboxPlan, sandboxed } from './sandbox.ts';

/** A machine with secrets, and a sandbox in it to run scripts in. For tests. */
export interface SandboxFixture {
  readonly base: string;
  /** Hosts that were refused. */
  readonly refused: readonly string[];
  /** A shell script in the sandbox: how it ended. */
  inside(script: string, more?: Partial<SandboxPlan>): Promise<{ readonly stdout: string; readonly exitCode?: number }>;
  /** The same script without a sandbox: that an attack works where nothing is in its way. */
  outside(script: string): Promise<{ readonly stdout: string; readonly exitCode?: number }>;
  remove(): Promise<void>;
}

export interface FixtureOptions {
  readonly allowed?: (port: number) => readonly string[];
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/** Says hello to whoever connects: `port` on the loopback of the machine, `base/outside.sock`, and an abstract socket. */
export async function createSandboxFixture({
  allowed = () => [],
  resolve,
}: FixtureOptions = {}): Promise<SandboxFixture> {
  const base = await mkdtemp(join(tmpdir(), 'commander-sandbox-'));
  for (const folder of ['data/work/.git/hooks', 'data/outputs', 'data/other', 'tools', 'home/.ssh', 'home/.agent/log'])
    await mkdir(join(base, folder), { recursive: true });
  await chmod(base, 0o755);
  await writeFile(join(base, 'data/secret'), 'of another task');
  await writeFile(join(base, 'data/other/file'), 'of another task');
  await writeFile(join(base, 'data/attachment'), 'attached');
  await writeFile(join(base, 'home/.ssh/key'), 'private');
  await writeFile(join(base, 'home/.unheard-of'), 'password');
  await writeFile(join(base, 'home/.agent/login'), 'login');
  await writeFile(join(base, 'home/.agent/settings.json'), '{}');
  await writeFile(join(base, 'home/.agent/log/snapshot.sh'), 'true');
  await writeFile(join(base, 'home/.agent.json'), 'starts nothing');
  const servers = await Promise.all([0, join(base, 'outside.sock'), `\0commander-${process.pid}`].map(greet));
  const address = servers[0]?.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const victim = spawn('sleep', ['600'], { env: { VICTIM: 'correct-horse' }, stdio: 'ignore' });
  await once(victim, 'spawn');
  const refused: string[] = [];
  const socket = join(base, 'tools/egress');
  const hosts = allowed(port);
  const egress = await openEgress({
    socket,
    allowed: hosts,
    onRefused: (host) => refused.push(host),
    ...(resolve === undefined ? {} : { resolve }),
  });
  const plan: SandboxPlan = {
    writable: [join(base, 'data/work'), join(base, 'data/outputs'), join(base, 'tools')],
    readable: [join(base, 'data/attachment')],
    hidden: [],
    home: join(base, 'home'),
    keeps: {
      keeps: ['.agent', '.agent.json'],
      sessions: ['.agent/sessions'],
      loginFiles: ['.agent/login'],
      locked: ['.agent/settings.json', '.agent/hooks'],
    },
    scratch: join(base, 'tools'),
    programs: [],
    searchPath: [],
    network: { socket, ports: hosts.includes(`127.0.0.1:${port}`) ? [port] : [] },
    limits: { memory: 1024 * 1024 * 1024, processes: 64 },
  };
  const env = {
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    NODE: process.execPath,
    B: base,
    PORT: String(port),
    ABSTRACT: String(process.pid),
    VICTIM_PID: String(victim.pid),
  };
  const options = { env, extendEnv: false, reject: false, stdin: 'ignore', cwd: join(base, 'data/work') } as const;
  return {
    base,
    refused,
    async inside(script, more = {}) {
      const whole = { ...plan, ...more };
      await prepareSandbox(whole);
      const { command, args } = sandboxed(whole, '/bin/sh', ['-c', script]);
      return execa(command, args, options);
    },
    outside: (script) => execa('/bin/sh', ['-c', script], options),
    remove: () => remove(base, { egress, servers, victim }),
  };
}

async function greet(place: number | string): Promise<Server> {
  const server = createServer((client) => client.on('error', () => client.destroy()).end('hello'));
  const where = typeof place === 'number' ? { port: place, host: '127.0.0.1' } : { path: place };
  await new Promise<void>((resolve) => server.listen(where, resolve));
  return server;
}

interface Running {
  readonly egress: Egress;
  readonly servers: readonly Server[];
  readonly victim: ChildProcess;
}

async function remove(base: string, { egress, servers, victim }: Running): Promise<void> {
  victim.kill('SIGKILL');
  await egress.close();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  for (const name of await readdir(base)) await rm(join(base, name), { recursive: true, force: true });
  await rm(base, { recursive: true, force: true });
}
