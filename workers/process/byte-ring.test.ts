import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createByteRing } from './byte-ring.ts';

it('gives back the end of what was written', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 30 }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), pieces, fc.nat(40), (size, writes, count) => {
      const ring = createByteRing(size);
      for (const bytes of writes) ring.write(Buffer.from(bytes));
      const all = Buffer.concat(writes);
      expect(ring.last(count)).toEqual(all.subarray(all.length - Math.min(count, size, all.length)));
    }),
  );
});
