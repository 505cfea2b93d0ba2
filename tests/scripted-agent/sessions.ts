import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { McpServer, SessionUpdate } from '@agentclientprotocol/sdk';
import { z } from 'zod';

/** A session that this process has open. */
export interface Session {
  readonly id: string;
  /** The folder that its paths are relative to. */
  readonly cwd: string;
  readonly mcpServers: readonly McpServer[];
  /** The current mode and the current value of each configuration option. */
  mode: string | undefined;
  readonly config: Map<string, string>;
  /** The turn that runs or ran last; the next one starts after it. */
  turn: Promise<unknown>;
  /** Turns that run or wait, oldest first. */
  readonly turns: Array<{ cancel(): void; steer(): void }>;
}

const header = z.strictObject({ id: z.string(), cwd: z.string() });
const record = z.object({ update: z.custom<SessionUpdate>((value) => typeof value === 'object' && value !== null) });

export interface StoredSession {
  readonly id: string;
  readonly cwd: string;
  /** The prompts, as chunks of the user's messages, and the agent's updates, in order. */
  readonly updates: readonly SessionUpdate[];
}

/** The sessions on disk: a file each, one JSON line a happening, so that a kill -9 loses at most the last line. */
export interface SessionStore {
  create(session: { readonly id: string; readonly cwd: string }): void;
  append(id: string, update: SessionUpdate): void;
  read(id: string): StoredSession | undefined;
  list(): readonly StoredSession[];
  remove(id: string): void;
}

/** A store in a folder; without one nothing is kept. */
export function openSessionStore(folder: string | undefined): SessionStore {
  if (folder === undefined)
    return { create: () => {}, append: () => {}, read: () => undefined, list: () => [], remove: () => {} };
  mkdirSync(folder, { recursive: true });
  // An id comes from the client: only one that the agent itself could have made is a file name.
  const fileOf = (id: string) => (/^[\w-]+$/.test(id) ? join(folder, `${id}.jsonl`) : undefined);
  const append = (id: string, line: unknown) => {
    const file = fileOf(id);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  const read = (id: string) => {
    const file = fileOf(id);
    return file !== undefined && existsSync(file) ? parseSession(readFileSync(file, 'utf8')) : undefined;
  };
  return {
    create: ({ id, cwd }) => append(id, { id, cwd }),
    append: (id, update) => append(id, { update }),
    read,
    list: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .flatMap((name) => read(name.slice(0, -'.jsonl'.length)) ?? []),
    remove(id) {
      const file = fileOf(id);
      if (file !== undefined) rmSync(file, { force: true });
    },
  };
}

function parseSession(text: string): StoredSession | undefined {
  // What stands behind the last line's end was cut off by a kill.
  const [first, ...rest] = text.split('\n').slice(0, -1);
  if (first === undefined) return undefined;
  const updates = rest.map((line) => record.parse(JSON.parse(line)).update);
  return { ...header.parse(JSON.parse(first)), updates };
}
