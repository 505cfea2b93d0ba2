import { describe, expect, it } from 'vitest';
import { BudgetSpent, createGuard } from './guard.ts';

function guarded() {
  let time = 0;
  const said: string[] = [];
  const log = {
    info: () => {},
    warn: (_: object, words: string) => said.push(words),
    error: (_: object, words: string) => said.push(words),
  };
  const guard = createGuard(log, () => time);
  return {
    guard,
    said,
    pass: (ms: number) => {
      time += ms;
    },
    answer: (status: number, path = '/channels/1/messages') =>
      guard.after('POST', path, { status, body: `{"code":${status}}`, shared: false }),
  };
}

describe('a request that is refused again and again', () => {
  it.each([403, 404])('is answered without being sent, for ever longer, and sent again then (%i)', (status) => {
    const { guard, pass, answer } = guarded();
    const known = () => guard.before('POST', '/channels/1/messages');
    answer(status);
    answer(status);
    expect(known()).toBeUndefined();
    answer(status);
    expect(known()).toEqual({ status, body: `{"code":${status}}` });
    expect(guard.before('GET', '/channels/1/messages')).toBeUndefined();
    pass(60_000);
    expect(known()).toBeUndefined();
    answer(status);
    pass(60_000);
    expect(known()).toBeDefined();
    pass(60_000);
    answer(200);
    expect(known()).toBeUndefined();
  });

  it('for its token rests with all others', () => {
    const { guard, pass, answer } = guarded();
    for (const path of ['/a', '/b', '/c']) answer(401, path);
    expect(guard.before('GET', '/d')?.status).toBe(401);
    pass(60_000);
    expect(guard.before('GET', '/d')).toBeUndefined();
    answer(200, '/d');
    for (const path of ['/a', '/b']) answer(401, path);
    expect(guard.before('GET', '/d')).toBeUndefined();
  });
});

it('warns of many refusals, and sends nothing when there are too many, until Discord has forgotten some', () => {
  const { guard, said, pass, answer } = guarded();
  for (let count = 0; count < 4999; count += 1) answer(403, `/channels/${count}`);
  expect(guard.before('POST', '/new')).toBeUndefined();
  expect(said.some((words) => words.includes('bans the address'))).toBe(true);
  expect(guard.concerns()).toEqual([expect.stringContaining('4999 requests')]);
  answer(429, '/channels/x');
  expect(() => guard.before('POST', '/new')).toThrow(BudgetSpent);
  pass(600_001);
  expect(guard.before('POST', '/new')).toBeUndefined();
  expect([guard.invalid(), guard.concerns()]).toEqual([0, []]);
  guard.after('POST', '/new', { status: 429, body: '', shared: true });
  expect(guard.invalid()).toBe(0);
});
