/** The last bytes of a stream, in a fixed piece of memory. */
export interface ByteRing {
  write(bytes: Buffer): void;
  /** The last bytes written, oldest first: all that were written when there are fewer than `count`, or than the ring holds. */
  last(count: number): Buffer;
}

/** A ring of `size` bytes; takes the memory with the first write. */
export function createByteRing(size: number): ByteRing {
  let memory: Buffer | undefined;
  let end = 0;
  let filled = 0;
  return {
    write(bytes) {
      memory ??= Buffer.allocUnsafe(size);
      const kept = bytes.subarray(Math.max(0, bytes.length - size));
      const atEnd = kept.copy(memory, end);
      kept.copy(memory, 0, atEnd);
      end = (end + kept.length) % size;
      filled = Math.min(size, filled + kept.length);
    },
    last(count) {
      if (!memory) return Buffer.alloc(0);
      const length = Math.min(count, filled);
      const start = (end - length + size) % size;
      const first = memory.subarray(start, Math.min(size, start + length));
      return Buffer.concat([first, memory.subarray(0, length - first.length)]);
    },
  };
}
