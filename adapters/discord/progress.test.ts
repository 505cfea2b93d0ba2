import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { markerOf, nonceOf } from './nonce.ts';
import { trackProgress } from './progress.ts';
import { createStoredSession } from './session.ts';

it('never passes an event that is still under way, and ends at the newest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      fc.infiniteStream(fc.nat()),
      (order, picks) => {
        const sequences = [...order].sort((a, b) => a - b);
        const progress = trackProgress(0);
        for (const sequence of sequences) progress.begin(sequence);
        const open = [...sequences];
        while (open.length > 0) {
          expect(progress.settled).toBe(Math.min(...open) - 1);
          const [ended = 0] = open.splice((picks.next().value ?? 0) % open.length, 1);
          progress.end(ended);
        }
        expect(progress.settled).toBe(sequences.at(-1));
      },
    ),
  );
});

it('an event of a session that is gone settles nothing of the next one, which counts anew', async () => {
  const store = memoryStore();
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const session = createStoredSession(store, log, 0);
  const begun = (sessionId: string) =>
    session.note({ resumeURL: 'wss://x', sequence: 1, sessionId, shardCount: 1, shardId: 0 });
  begun('old');
  const ofOld = session.begin(2);
  begun('new');
  const ofNew = session.begin(2);
  session.begin(3)();
  ofOld();
  await session.flush();
  expect(await store.get('session')).toMatchObject({ sessionId: 'new', sequence: 1 });
  ofNew();
  await session.flush();
  expect(await store.get('session')).toMatchObject({ sessionId: 'new', sequence: 3 });
});

it('a key is always the same nonce, within Discord’s limit', () => {
  fc.assert(
    fc.property(fc.uuid(), (key) => {
      expect(nonceOf(key)).toMatch(/^[0-9a-z]{1,25}$/);
      expect(nonceOf(key)).toBe(nonceOf(key));
      expect(markerOf(key)).toBeGreaterThan(0);
      expect(markerOf(key)).toBeLessThanOrEqual(0x7fffffff);
    }),
  );
});
