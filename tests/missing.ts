import { join } from 'node:path';
import { canSandbox } from '#workers/agents/sandbox/sandbox.ts';
import { isExecutable } from '#workers/process/executable.ts';

/**
 * Whether tests are skipped for want of what they need, which is said on stderr. In CI (`CI=true`) that is an error, so that
 * nobody takes a skipped test for a passed one.
 */
export function skipsWithout(needed: string, found: boolean, advice: string): boolean {
  if (found) return false;
  const words = `There is no ${needed}. ${advice}`;
  if (process.env.CI === 'true') throw new Error(`Tests must not be skipped in CI. ${words}`);
  process.stderr.write(`Skipping tests. ${words}\n`);
  return true;
}

const places = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** What a sandbox is made of, and Debian's packages that have it. */
const programs = { bwrap: 'bubblewrap', setpriv: 'util-linux', prlimit: 'util-linux' };

/** Whether tests of the sandbox are skipped: also in CI where the kernel refuses one to the programs, but not where they are missing. */
export function sandboxMissing(): boolean {
  if (canSandbox()) return false;
  for (const [name, debian] of Object.entries(programs)) {
    const found = places.some((place) => isExecutable(join(place, name)));
    if (skipsWithout(name, found, `Install it with: apt-get install --yes ${debian}`)) return true;
  }
  process.stderr.write('Skipping the tests of the sandbox: this machine lets nobody make one.\n');
  return true;
}
