import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalReply, RunJournal } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { outputActionText } from '#core/task/parts.ts';
import type { Action } from '#core/task/state.ts';
import { batchActions } from './batched-journal.ts';

const reply = { live: true } as JournalReply;

function recorder(answer: () => Promise<JournalReply> = async () => reply) {
  const reports: RunReport[] = [];
  const journal: RunJournal = {
    report(report) {
      reports.push(report);
      return answer();
    },
  };
  return { reports, journal: batchActions(journal) };
}

function actions(...texts: string[]): RunReport {
  return { type: 'actions', actions: texts.map((text): Action => ({ at: '2026-01-01T00:00:00Z', text })) };
}

describe('a batched journal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes the actions of 200 ms at once, and answers each report when they are written', async () => {
    const { reports, journal } = recorder();
    await vi.advanceTimersByTimeAsync(1000);
    const first = journal.report(actions('a'));
    await vi.advanceTimersByTimeAsync(0);
    expect(await first).toBe(reply);
    const later = ['b', 'c', 'd'].map((text) => journal.report(actions(text)));
    await vi.advanceTimersByTimeAsync(199);
    expect(reports).toEqual([actions('a')]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all(later)).toEqual([reply, reply, reply]);
    expect(reports).toEqual([actions('a'), actions('b', 'c', 'd')]);
  });

  it('writes what was done before what came of it', async () => {
    const { reports, journal } = recorder();
    void journal.report(actions('a'));
    await journal.report({ type: 'step-finished', stepId: 's' });
    expect(reports).toEqual([actions('a'), { type: 'step-finished', stepId: 's' }]);
  });

  it('keeps the newest of many, and of consecutive lines of output only the last', async () => {
    const { reports, journal } = recorder();
    void journal.report(actions('x', outputActionText, outputActionText, 'y', outputActionText));
    await journal.report({ type: 'finished' });
    expect(reports[0]).toEqual(actions('x', outputActionText, 'y', outputActionText));
    void journal.report(actions(...Array.from({ length: 50 }, (_, index) => `${index}`)));
    await journal.report({ type: 'finished' });
    expect(reports[2]).toEqual(actions(...Array.from({ length: 20 }, (_, index) => `${index + 30}`)));
  });

  it('tells every report of a batch that could not be written', async () => {
    const { journal } = recorder(() => Promise.reject(new Error('no database')));
    const both = [journal.report(actions('a')), journal.report(actions('b'))];
    const ended = journal.report({ type: 'finished' });
    const results = await Promise.allSettled([...both, ended]);
    expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
