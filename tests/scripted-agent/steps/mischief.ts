import { spawn } from 'node:child_process';
import { writeFileSync, writeSync } from 'node:fs';
import type { StepOf } from '../script.ts';
import type { Ending, Turn } from '../turn.ts';
import { pathIn } from './speech.ts';

/** No process outlives a forgetful test by more than this: ten minutes, in milliseconds. */
const LONGEST_LIFE = 600_000;

/**
 * Blocks the whole thread: nothing is read or answered, and TERM, which waits for the event loop, does nothing.
 * A line on stderr says that it began.
 */
async function hang(): Promise<Ending> {
  process.on('SIGTERM', () => {});
  writeSync(2, 'the stub agent hangs\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGEST_LIFE);
  process.exit(1);
}

/** Not stored with the session: a replay would flood too. */
async function flood({ updates, bytes }: StepOf<'flood'>, turn: Turn): Promise<Ending> {
  for (let number = 1; number <= updates && !turn.cancelled.aborted; number += 1) {
    const text = `${number} `.padEnd(bytes, '.');
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } as const;
    await turn.client.notify('session/update', { sessionId: turn.session.id, update });
    // Lets a cancel through: writing to a pipe that is read at once never yields to the event loop's input.
    if (number % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return undefined;
}

async function huge({ bytes }: StepOf<'huge'>, turn: Turn): Promise<Ending> {
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'x'.repeat(bytes) } } as const;
  await turn.client.notify('session/update', { sessionId: turn.session.id, update });
  return undefined;
}

async function garbage({ line }: StepOf<'garbage'>): Promise<Ending> {
  await new Promise<void>((written) => process.stdout.write(`${line}\n`, () => written()));
  return undefined;
}

async function unknownUpdate({ kind, fields }: StepOf<'unknown-update'>, turn: Turn): Promise<Ending> {
  const params: unknown = { sessionId: turn.session.id, update: { ...fields, sessionUpdate: kind } };
  await turn.client.notify<unknown>('session/update', params);
  return undefined;
}

/** A process of a session of its own, which outlives the agent and holds none of its pipes. */
async function daemon({ pidFile, environment }: StepOf<'daemon'>, turn: Turn): Promise<Ending> {
  const child = spawn(process.execPath, ['-e', `setTimeout(() => {}, ${LONGEST_LIFE})`], {
    detached: true,
    stdio: 'ignore',
    env: environment === 'empty' ? {} : process.env,
  });
  child.unref();
  writeFileSync(pathIn(turn.session, pidFile), String(child.pid));
  return undefined;
}

/** Steps of an agent that misbehaves. */
export const mischief = {
  hang,
  'forget-cancel': (): Promise<Ending> => new Promise(() => {}),
  flood,
  huge,
  garbage,
  'unknown-update': unknownUpdate,
  daemon,
};
