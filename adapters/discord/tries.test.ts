import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTries } from './tries.ts';

const began = Date.UTC(2026, 0, 2);
const second = 1000;

/** The key of a post that was begun at a time. */
const madeAt = (time: number, number = 1) => {
  const digits = time.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-${String(number).padStart(12, '0')}`;
};

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: began }));
afterEach(() => void vi.useRealTimers());

it('what was begun before this process may be there, however late it is tried; what is new can not', () => {
  const tries = createTries(began);
  vi.setSystemTime(began + 3600 * second);
  expect(tries.mayExist(madeAt(began - second))).toBe(true);
  expect(tries.mayExist(madeAt(began + 60 * second))).toBe(false);
  // What a card goes on in has a key without a time.
  expect(tries.mayExist(BigInt('1300000000000000001').toString(16))).toBe(true);
});

it('a key of a clock that is ahead is not believed, once Discord may have forgotten its nonce', () => {
  const tries = createTries(began);
  const ahead = madeAt(began + 5 * second);
  expect(tries.mayExist(ahead)).toBe(false);
  vi.setSystemTime(began + 31 * second);
  expect(tries.mayExist(ahead)).toBe(true);
});

it('a try of this process is looked for as soon as Discord may have forgotten its nonce, and however many came after it', () => {
  const tries = createTries(began - 3600 * second);
  const key = madeAt(began);
  tries.begin(key);
  vi.setSystemTime(began + 59 * second);
  tries.begin(key);
  expect(tries.mayExist(key)).toBe(false);
  vi.setSystemTime(began + 61 * second);
  expect(tries.mayExist(key)).toBe(true);
  for (let number = 2; number < 5002; number += 1) tries.begin(madeAt(began, number));
  expect(tries.mayExist(key)).toBe(true);
  expect(tries.mayExist(madeAt(began + second))).toBe(false);
});
