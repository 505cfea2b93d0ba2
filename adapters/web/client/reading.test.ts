import { describe, expect, it } from 'vitest';
import { follow, type Reading } from './reading.ts';
import { messageOf } from './testing.ts';

const at = (minute: number) => `2026-05-03T12:0${minute}:00.000Z`;
const opening: Reading = { until: at(1), me: 'me', state: 'opening' };
const first = messageOf({ id: 'a', at: at(1) });
const second = messageOf({ id: 'b', at: at(2) });

describe('what counts as new', () => {
  it('is what came before the list was opened, and stays so', () => {
    const opened = follow(opening, [first, second], true);
    expect(opened).toEqual({ ...opening, state: 'marked' });
    expect(follow(opened, [first, second, messageOf({ id: 'c', at: at(3) })], true)).toBe(opened);
  });

  it('is nothing that comes while the list is watched', () => {
    const watched = follow(opening, [first], true);
    expect(watched).toEqual({ ...opening, state: 'watched' });
    expect(follow(watched, [first, second], true)).toEqual({ ...watched, until: at(2) });
  });

  it('is what comes while the page is hidden, from the first of it on', () => {
    const watched = follow(follow(opening, [first], true), [first], true);
    const away = follow(watched, [first, second], false);
    expect(away).toEqual({ ...watched, state: 'marked' });
    expect(follow(away, [first, second], true)).toBe(away);
  });

  it('is never what the reader wrote', () => {
    const mine = messageOf({ id: 'c', at: at(3), author: { id: 'me', name: 'me' } });
    expect(follow(opening, [first, mine], false)).toEqual({ ...opening, state: 'watched' });
  });
});
