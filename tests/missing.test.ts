import { afterEach, expect, it, vi } from 'vitest';
import { skipsWithout } from './missing.ts';

afterEach(() => vi.unstubAllEnvs());

it.each([
  ['true', true, false],
  ['', true, false],
  ['', false, true],
])('with CI=%j, where what tests need is there (%j), they are skipped: %j', (ci, found, skipped) => {
  vi.stubEnv('CI', ci);
  expect(skipsWithout('stub', found, 'Get one.')).toBe(skipped);
});

it('in CI no test is skipped for want of what CI installs', () => {
  vi.stubEnv('CI', 'true');
  expect(() => skipsWithout('stub', false, 'Get one.')).toThrow('There is no stub');
});
