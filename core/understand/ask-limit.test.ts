import { describe, expect, it } from 'vitest';
import type { Ask } from './ask.ts';
import { askDue, askedNow, isOpenAsk } from './ask-limit.ts';

const wanted = { kind: 'place', choices: [] } as const;
const plain: Ask = { part: 0, text: 'deploy', card: 0, wanted, answers: [] };
const now = '2026-01-02T10:00:00.000Z';
const asked = askedNow(plain, 3_600_000, now);

describe('the time for what must be known first', () => {
  it('is what the setting says, 14 days where questions have no end', () => {
    expect(asked.limit).toEqual({ from: now, until: '2026-01-02T11:00:00.000Z' });
    expect(askedNow(asked, 'never', now).limit?.until).toBe('2026-01-16T10:00:00.000Z');
    expect(askDue(plain, '2030-01-01T00:00:00.000Z')).toBeUndefined();
  });

  it('ends when it is over, not before, and not what has its answer or ended', () => {
    expect(askDue(asked, '2026-01-02T10:59:59.999Z')).toBeUndefined();
    const over = '2026-01-02T11:00:30.000Z';
    const ended = askDue(asked, over);
    expect(ended).toEqual({ ...asked, endedAt: over });
    expect([asked, { ...asked, taskNumber: 3 }, ended ?? asked].map(isOpenAsk)).toEqual([true, false, false]);
    expect(askDue({ ...asked, taskNumber: 3 }, over)).toBeUndefined();
    expect(askDue(ended ?? asked, over)).toBeUndefined();
  });

  it('begins anew, once told, where nothing was there to end it', () => {
    const back = '2026-01-02T13:00:00.000Z';
    const again = askDue(asked, back);
    expect(again?.limit).toEqual({ from: back, until: '2026-01-02T13:15:00.000Z', again: true });
    expect(again && isOpenAsk(again)).toBe(true);
  });
});
