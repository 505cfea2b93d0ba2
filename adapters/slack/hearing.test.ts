import { expect, it } from 'vitest';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { createHearing, heardUntilKey } from './hearing.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

it('the very first process has missed nothing; when it dies before it has heard anything, the next one looks from its beginning on', async () => {
  const store = memoryStore();
  const looks: unknown[] = [];
  const listen = async (isOpen: boolean) => {
    const lookBack = async () => void looks.push(await store.get(heardUntilKey));
    const hearing = createHearing({ store, log: silent, isOpen: () => isOpen, lookBack, settleMs: 0 });
    await hearing.prepare();
    hearing.begin();
    return hearing;
  };
  const first = await listen(false);
  const begun = await store.get(heardUntilKey);
  expect(begun).toBeTypeOf('number');
  await first.stop();
  const next = await listen(true);
  await expect.poll(() => looks).toEqual([begun]);
  await next.stop();
});
