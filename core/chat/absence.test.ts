import { expect, it } from 'vitest';
import { absenceOf, isLate, lateAfterMs, leftWords } from './absence.ts';
import { plainOf } from './inline.ts';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 5, 15, 12);

it('what was said within a week of an absence is taken up', () => {
  expect(absenceOf(now - day, now)).toEqual({ from: now - day, until: now, since: now - day });
  expect(absenceOf(now - 9 * day, now)).toEqual({ from: now - 9 * day, until: now, since: now - 7 * day });
});

it('what was left is said with the time, what was read, and what to do', () => {
  const absence = absenceOf(now - 9 * day, now);
  const words = plainOf(leftWords(absence, 'older'));
  expect(words).toMatch(
    /^Commander was away from .*6 Jun.* to .*15 Jun.*\. It has read what was said in the last 7 days here/,
  );
  expect(plainOf(leftWords(absence, 'more'))).toContain(
    'the last 1000 messages here and nothing before: mention it again',
  );
});

it.each([
  [
    'said before anybody listened, more than a minute ago',
    { saidAt: now - lateAfterMs - 1, listeningSince: now },
    true,
  ],
  ['said before anybody listened, within a minute', { saidAt: now - lateAfterMs, listeningSince: now }, false],
  ['said while somebody listened, by whatever clock', { saidAt: now - day, listeningSince: now - day }, false],
  ['of a platform that brings nothing later', undefined, false],
])('a message %s', (_, timing, late) => {
  expect(isLate(timing === undefined ? {} : { timing }, now)).toBe(late);
  expect(isLate({ late: true, ...(timing === undefined ? {} : { timing }) }, now)).toBe(true);
});
