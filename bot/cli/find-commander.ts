import { userInfo } from 'node:os';
import { runningIn } from '../home-lock.ts';
import { readSettings } from '../settings.ts';
import { Unreachable } from './unreachable.ts';

/**
 * Where the Commander is that is meant: as it is given, else the one that runs in the data directory, else where the settings say
 * that people reach it.
 * @throws Unreachable, BadSettings, BadSettingsFile
 */
export async function findCommander(given: string | undefined, environment: NodeJS.ProcessEnv): Promise<string> {
  if (given !== undefined) return checked(given);
  const { home, address } = await readSettings(environment);
  const running = await runningIn(home);
  if (running.state === 'ready') return running.url;
  if (running.state === 'starting')
    throw new Unreachable(`Commander is still starting in ${home}. Say it again in a moment.`);
  if (address !== undefined) return address;
  throw new Unreachable(
    `Commander is not running in the data directory ${home}. Start it with “npm start”; or name another data directory with COMMANDER_HOME, or its address with --url http://localhost:8300.`,
  );
}

function checked(given: string): string {
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new Unreachable(`“${given}” is no address. Write it like http://localhost:8300.`);
}

/** Who speaks: as it is said, else the person's name on this machine. */
export function personName(as: string | undefined, { COMMANDER_PERSON }: NodeJS.ProcessEnv): string {
  return as ?? (COMMANDER_PERSON || userInfo().username);
}
