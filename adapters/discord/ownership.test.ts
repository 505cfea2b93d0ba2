import { expect, it } from 'vitest';
import { PlatformTaken } from '#core/chat/adapter.ts';
import type { Claim } from '#core/chat/platform.ts';
import { own } from './ownership.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** One thing that there is, in memory; `lose` is what a database does that goes away. */
function onlyOne() {
  let holder: (() => void) | undefined;
  const claim: Claim = async (_what, onLost) => {
    if (holder !== undefined) return undefined;
    holder = onLost;
    return {
      async release() {
        if (holder === onLost) holder = undefined;
      },
    };
  };
  return {
    claim,
    /** Afterwards another one has it at once, if it likes. */
    lose(to?: () => void) {
      const before = holder;
      holder = to;
      before?.();
    },
    isFree: () => holder === undefined,
    free: () => {
      holder = undefined;
    },
  };
}

function parts(claim: Claim, did: string[]) {
  const lead = async () => void did.push('lead');
  const step = async () => void did.push('step');
  return { againMs: 1, claim, what: 'app', log: silent, tell: (sentence: string) => did.push(sentence), lead, step };
}

it('leads alone; a second one is told so, and may when the first one is done', async () => {
  const one = onlyOne();
  const did: string[] = [];
  const first = await own(parts(one.claim, did));
  await expect(own(parts(one.claim, did))).rejects.toThrow(PlatformTaken);
  await first.release();
  const second = await own(parts(one.claim, did));
  expect(did).toEqual(['lead', 'lead']);
  await second.release();
});

it('gives it back when it can not lead', async () => {
  const one = onlyOne();
  const broken = { ...parts(one.claim, []), lead: () => Promise.reject(new Error('no network')) };
  await expect(own(broken)).rejects.toThrow('no network');
  await (await own(parts(one.claim, []))).release();
});

it('goes on when it has it again, steps back when another one has it, and leads again when that one is gone', async () => {
  const one = onlyOne();
  const did: string[] = [];
  const ownership = await own(parts(one.claim, did));
  one.lose();
  await expect.poll(() => one.isFree()).toBe(false);
  expect(did).toEqual(['lead']);
  one.lose(() => {});
  await expect.poll(() => did).toContain('step');
  expect(did).toEqual(['lead', expect.stringContaining('This one waits'), 'step']);
  one.free();
  await expect.poll(() => did).toContain('Discord is connected now.');
  expect(did.slice(3)).toEqual(['lead', 'Discord is connected now.']);
  await ownership.release();
  expect(one.isFree()).toBe(true);
});
