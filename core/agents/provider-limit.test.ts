import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitEnds, limitTold } from './provider-limit.ts';

const now = new Date('2026-05-03T10:00:00Z');
const seconds = now.getTime() / 1000;
const quarter = 15 * 60;

describe('the limit of an agent’s provider', () => {
  it.each([
    ['Claude Code', { code: -32603, data: { errorKind: 'rate_limit' } }, quarter],
    ['Claude Code, overloaded', { code: -32603, data: { errorKind: 'overloaded' } }, quarter],
    ['Codex', { code: -32603, data: { message: 'x', codexErrorInfo: 'usageLimitExceeded' } }, quarter],
    [
      'Codex, tried too often',
      { code: -32603, data: { codexErrorInfo: { responseTooManyFailedAttempts: { httpStatusCode: 429 } } } },
      quarter,
    ],
    ['Codex by its older adapter', { code: -32603, data: { codex_error_info: 'usage_limit_exceeded' } }, quarter],
    ['Gemini CLI', { code: 429 }, quarter],
    ['seconds', { code: 1, data: { type: 'rate_limit_error', retryAfter: 60 } }, 60],
    ['milliseconds', { code: 1, data: { kind: 'usage_limit', retryAfterMs: 500 } }, 0.5],
    ['a moment', { code: 1, data: { kind: 'usage_limit', resetsAt: '2026-05-03T12:00:00Z' } }, 7200],
    ['a moment in seconds', { code: 1, data: { code: 429, resetsAt: seconds + 90 } }, 90],
    ['more than any window', { code: 1, data: { kind: 'usage_limit', retryAfter: 1e9 } }, 7 * 24 * 3600],
  ])('is known by structure: %s', (_, error, wait) => {
    expect(limitEnds(error, { now })).toEqual(new Date(now.getTime() + wait * 1000));
  });

  it.each([
    [{ code: -32603 }],
    [{ code: -32603, data: 'usage limit reached, try again in 3600 s' }],
    [{ code: -32603, data: { message: 'rate_limit', retryAfter: 3600 } }],
    [{ code: -32603, data: { errorKind: 'billing_error' } }],
    [{ code: -32603, data: { codexErrorInfo: 'contextWindowExceeded' } }],
    [{ code: -32603, data: { codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 500 } } } }],
  ])('is nothing else, whatever words it has: %o', (error) => {
    expect(limitEnds(error, { now })).toBeUndefined();
  });

  it('ends when the agent said so before, where the error has no time', () => {
    const told = limitTold({ '_claude/rateLimit': { status: 'rejected', resetsAt: seconds + 600 } });
    expect(told?.ends).toEqual(new Date(now.getTime() + 600_000));
    const error = { code: -32603, data: { errorKind: 'rate_limit' } };
    expect(limitEnds(error, { now, known: told?.ends })).toEqual(told?.ends);
    expect(limitTold({ '_claude/rateLimit': { status: 'allowed_warning', resetsAt: seconds } })).toEqual({});
    expect(limitTold({ other: 1 })).toBeUndefined();
  });

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.anything(), fc.integer(), (data, code) => {
        const ends = limitEnds({ code, data }, { now });
        expect(ends === undefined || ends > now).toBe(true);
        limitTold(data);
      }),
    );
  });
});
