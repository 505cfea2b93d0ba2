import { describe, expect, it } from 'vitest';
import { type Ask, beginsWithFirst } from './begin.ts';

/** A connection that answers when it is told to. */
function connection(): { ask: Ask; asked: string[]; answer(): void; refuse(): void } {
  const asked: string[] = [];
  const open: PromiseWithResolvers<Awaited<ReturnType<Ask>>>[] = [];
  return {
    asked,
    ask(text) {
      asked.push(text);
      const waiting = Promise.withResolvers<Awaited<ReturnType<Ask>>>();
      open.push(waiting);
      return waiting.promise;
    },
    answer: () => open.shift()?.resolve({ command: '', rowCount: null, rows: [] }),
    refuse: () => open.shift()?.reject(new Error('refused')),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a transaction', () => {
  it('begins together with a first statement that reads; what comes then waits for the begin, in its order', async () => {
    const { ask, asked, answer } = connection();
    const query = beginsWithFirst(ask);
    await query('begin');
    const all = ['select 1', 'select 2', 'update a', 'select 3'].map((text) => query(text));
    await settled();
    expect(asked).toEqual(['begin', 'select 1']);
    answer();
    await settled();
    expect(asked).toEqual(['begin', 'select 1', 'select 2', 'update a', 'select 3']);
    for (const _ of all) answer();
    await Promise.all(all);
  });

  it('does not write before it has begun', async () => {
    const { ask, asked, answer } = connection();
    const query = beginsWithFirst(ask);
    await query('begin');
    void query('update a');
    void query('select 1');
    await settled();
    expect(asked).toEqual(['begin']);
    answer();
    await settled();
    expect(asked).toEqual(['begin', 'update a', 'select 1']);
  });

  it('that could not begin does nothing at all', async () => {
    const { ask, asked, answer, refuse } = connection();
    const query = beginsWithFirst(ask);
    await query('begin');
    const read = query('select 1');
    const write = query('update a');
    const end = query('rollback');
    refuse();
    answer();
    for (const each of [read, write, end]) await expect(each).rejects.toThrow('refused');
    expect(asked).toEqual(['begin', 'select 1']);
  });
});
