import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { RequestError } from '@agentclientprotocol/sdk';
import type { StepOf } from '../script.ts';
import { aborted, type Ending, type Turn } from '../turn.ts';
import { pathIn } from './speech.ts';

async function waitForFile(step: StepOf<'wait-for-file'>, turn: Turn): Promise<Ending> {
  const path = pathIn(turn.session, step.path);
  const appeared = Promise.withResolvers<void>();
  const watcher = watch(dirname(path), () => {
    if (existsSync(path)) appeared.resolve();
  });
  // Looked at after the watch began, so that no moment is missed.
  if (existsSync(path)) appeared.resolve();
  await Promise.race([appeared.promise, aborted(turn.cancelled)]);
  watcher.close();
  return undefined;
}

async function exit({ code, signal }: StepOf<'exit'>): Promise<Ending> {
  if (signal === undefined) process.exit(code);
  process.kill(process.pid, signal);
  return new Promise(() => {});
}

/** Steps that wait, and steps that end the turn or the process. */
export const waiting = {
  'wait-for-steer': async (_step: StepOf<'wait-for-steer'>, turn: Turn): Promise<Ending> => {
    await turn.steered;
    return undefined;
  },
  'wait-for-file': waitForFile,
  'sleep-until-cancelled': async (_step: StepOf<'sleep-until-cancelled'>, turn: Turn): Promise<Ending> => {
    await aborted(turn.cancelled);
    return undefined;
  },
  end: async ({ reason }: StepOf<'end'>): Promise<Ending> => reason,
  error: async ({ code, message, data }: StepOf<'error'>): Promise<Ending> => {
    throw new RequestError(code, message, data);
  },
  exit,
};
