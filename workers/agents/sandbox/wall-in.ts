import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AgentSpec } from '#core/agents/settings.ts';
import { openEgress } from './egress.ts';
import { canSandbox, prepareSandbox, type SandboxPlan, sandboxed } from './sandbox.ts';

/** A program that an agent, or what it wrote, decides about. All paths are absolute. */
export interface WalledProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly home: string;
  /** What it keeps below its home. */
  readonly keeps: SandboxPlan['keeps'];
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  readonly hidden: SandboxPlan['hidden'];
  /** As in PATH. */
  readonly searchPath: string;
  /** A folder, writable for it too, for the socket of its only way out and copies of files. */
  readonly sockets: string;
  /** Hears of hosts that it may not reach, once of each. */
  readonly onRefused: (host: string, why: string) => void;
}

/** What is started in its place; `open` takes down what that needed. */
export interface Walled {
  readonly command: string;
  readonly args: readonly string[];
  open(): Promise<void>;
}

/** Whether an agent, and what it wrote, runs behind walls on this machine. */
export function worksWalled({ sandbox }: AgentSpec): boolean {
  return sandbox !== 'off' && canSandbox();
}

/** Puts a program behind the walls that the settings of an agent say, where there are any. */
export async function wallIn(spec: AgentSpec, what: WalledProgram): Promise<Walled> {
  const { program, args, searchPath, sockets, onRefused } = what;
  if (!worksWalled(spec)) return { command: program, args, open: async () => {} };
  const { network: allowed, memory, processes } = spec;
  const socket = join(sockets, 'egress');
  const egress = allowed === 'open' ? undefined : await openEgress({ socket, allowed, onRefused });
  const plan: SandboxPlan = {
    writable: [...what.writable, sockets],
    readable: [...what.readable, ...spec.read.filter((path) => existsSync(path))],
    hidden: what.hidden,
    home: what.home,
    keeps: what.keeps,
    scratch: sockets,
    programs: [program, ...args],
    searchPath: searchPath.split(delimiter),
    network: allowed === 'open' ? 'open' : { socket, ports: localPorts(allowed) },
    limits: { memory, processes },
  };
  await prepareSandbox(plan);
  return { ...sandboxed(plan, program, args), open: async () => egress?.close() };
}

/** Ports of this machine that the settings name, such as that of a model server. */
function localPorts(allowed: readonly string[]): readonly number[] {
  return allowed.flatMap((entry) => (entry.startsWith('127.0.0.1:') ? [Number(entry.split(':')[1])] : []));
}
