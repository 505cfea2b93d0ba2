import { describe, expect, it } from 'vitest';
import { dayHeading, fullTime, messageTime, momentTime, relativeTime } from './time.ts';

const now = new Date(2026, 4, 13, 14, 30, 0);
const ago = (parts: { days?: number; hours?: number; minutes?: number; seconds?: number }) =>
  new Date(2026, 4, 13 - (parts.days ?? 0), 14 - (parts.hours ?? 0), 30 - (parts.minutes ?? 0), -(parts.seconds ?? 0));

describe('relativeTime', () => {
  it.each([
    [ago({ seconds: 59 }), 'just now'],
    [ago({ seconds: -30 }), 'just now'],
    [ago({ minutes: 1 }), '1 min ago'],
    [ago({ minutes: 59, seconds: 59 }), '59 min ago'],
    [ago({ hours: 3 }), '3 h ago'],
    [ago({ hours: 15 }), 'yesterday'],
    [ago({ days: 6 }), '6 days ago'],
    [ago({ days: 7 }), '6 May'],
    [new Date(2025, 11, 24), '24 Dec 2025'],
  ])('%s: %s', (at, words) => {
    expect(relativeTime(at, now)).toBe(words);
  });
});

it('shows the time of day beside a message once it is an hour old', () => {
  expect(messageTime(ago({ minutes: 59 }), now)).toBe('59 min ago');
  expect(messageTime(ago({ hours: 1 }), now)).toBe('13:30');
});

it('names the day of a moment only when it is another one', () => {
  expect(momentTime(ago({ hours: 2 }), now)).toBe('12:30');
  expect(momentTime(ago({ days: 2 }), now)).toBe('11 May, 14:30');
});

it('heads days as people call them', () => {
  expect(dayHeading(ago({}), now)).toBe('Today');
  expect(dayHeading(ago({ days: 1 }), now)).toBe('Yesterday');
  expect(dayHeading(ago({ days: 2 }), now)).toBe('Monday 11 May');
});

it('does not fail at a broken date', () => {
  expect(fullTime(new Date('x'))).toBe('an unknown time');
});
