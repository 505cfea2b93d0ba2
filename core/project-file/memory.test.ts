import { describe, expect, it } from 'vitest';
import { memoryLimit, memorySaid } from './memory.ts';

describe('how much memory a task may hold', () => {
  it('is what the installation says, or less where the project says less', () => {
    expect(memoryLimit(8, { memoryBytes: 2 })).toBe(2);
    expect(memoryLimit(2, { memoryBytes: 8 })).toBe(2);
    expect(memoryLimit(8, {})).toBe(8);
    expect(memoryLimit(undefined, { memoryBytes: 2 })).toBe(2);
    expect(memoryLimit(undefined, {})).toBeUndefined();
  });

  it('is kept with a task in bytes', () => {
    expect(memorySaid({ limits: { memory: '512m' } })).toEqual({ memoryBytes: 512 * 1024 ** 2 });
    expect(memorySaid({ limits: {} })).toEqual({});
  });
});
