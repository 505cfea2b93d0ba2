import { existsSync, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Received } from './received.ts';
import type { BehaviourInput } from './settings.ts';

export interface StubAgentOptions {
  readonly behaviour?: BehaviourInput;
  /** A JSON file of steps for prompts without a script block. */
  readonly script?: string;
  /** The folder of the sessions: give the same one to the next process. */
  readonly state?: string;
  /** The file of what it received. */
  readonly log?: string;
}

/** What follows `node` to start the agent, everything said by arguments: nothing has to be in its environment. */
export function stubAgentArguments({ behaviour, script, state, log }: StubAgentOptions = {}): string[] {
  const named = { behaviour: behaviour && JSON.stringify(behaviour), script, state, log };
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  return [main, ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))];
}

/** What an agent received so far, in order. */
export function readReceived(log: string): readonly Received[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line): Received => JSON.parse(line));
}

/** The first thing received that matches, as soon as it is there; the file need not be there yet, its folder has to. */
export async function awaitReceived(log: string, matching: (received: Received) => boolean): Promise<Received> {
  const found = Promise.withResolvers<Received>();
  const look = () => {
    const match = readReceived(log).find(matching);
    if (match !== undefined) found.resolve(match);
  };
  const watcher = watch(dirname(log), (_event, name) => {
    if (name === basename(log)) look();
  });
  try {
    look();
    return await found.promise;
  } finally {
    watcher.close();
  }
}

/** Of one method: a request or notification that the agent received. */
export function received(method: string): (received: Received) => boolean {
  return (candidate) => 'method' in candidate && candidate.kind !== 'answer' && candidate.method === method;
}
