import { expect, it } from 'vitest';
import { formatMoment } from './moment.ts';

it('says a moment with its time zone, whatever zone it was written in', () => {
  expect(formatMoment('2026-11-25T19:42:48.102Z')).toBe('25 Nov 2026, 19:42 UTC');
  expect(formatMoment('2026-11-25T01:02:00+02:00')).toBe('24 Nov 2026, 23:02 UTC');
});

it('leaves alone what is no moment', () => {
  expect(formatMoment('soon')).toBe('soon');
});
