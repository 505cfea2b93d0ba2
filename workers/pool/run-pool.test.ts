import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { JournalReply, RunInput, RunJournal } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { createRunPool, type RunPool } from './run-pool.ts';

/** What each run does is named by its task's title. */
const thread = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openPortJournal } from ${JSON.stringify(new URL('./port-journal.ts', import.meta.url).href)};
const acts = {
  reports: async (journal) => {
    const { live } = await journal.report({ type: 'step-started', stepId: 'one' });
    await journal.report({ type: 'failed', reason: String(live) });
  },
  waits: async (journal, signal) => {
    await journal.report({ type: 'step-started', stepId: 'waits' });
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await journal.report({ type: 'failed', reason: signal.reason });
  },
  listens: async (journal, signal, { heard }) => {
    await journal.report({ type: 'step-started', stepId: 'listens' });
    const { notes: [note] } = await heard;
    await journal.report({ type: 'note-taken', noteId: note.id, revision: 0 });
    await journal.report({ type: 'finished' });
  },
  accuses: async (journal, signal, { input, port }) => {
    const child = spawn('sleep', ['600'], { env: { COMMANDER_RUN: input.runId, PATH: process.env.PATH } });
    await once(child, 'spawn');
    // Nobody waits for this reply: the order to stop may be faster.
    journal.report({ type: 'step-started', stepId: 'accuses' }).catch(() => {});
    const [, by] = await once(child, 'exit');
    // As if the news of its end were faster than the order to stop: past the journal, which knows of the order.
    port.postMessage({ id: 99, report: { type: 'step-failed', stepId: 'accuses', reason: by, transient: false } });
    // There and back: then the worker has read it.
    const channel = new BroadcastChannel('there and back');
    const back = new Promise((resolve) => { channel.onmessage = resolve; });
    channel.postMessage('there');
    await back;
    channel.close();
  },
  isLostWhileCancelled: async (journal, signal, { port }) => {
    const lost = new Promise((resolve) => port.on('message', ({ reason }) => reason === 'lost' && resolve()));
    journal.report({ type: 'step-started', stepId: 'waits' }).catch(() => {});
    await lost;
    await journal.report({ type: 'failed', reason: signal.reason });
  },
  crashes: async () => {
    setTimeout(() => { throw new Error('a bug'); });
    await new Promise(() => {});
  },
  hoards: async () => {
    // In small pieces: one large allocation at the limit would end the whole process, which V8 can not help.
    let hoard;
    for (let n = 0; ; n += 1) hoard = { hoard, n };
  },
};
export async function runInThread({ input, port }) {
  const { promise: heard, resolve } = Promise.withResolvers();
  const { journal, signal, close } = openPortJournal(port, resolve);
  try { await acts[input.task.title](journal, signal, { input, port, heard }); } finally { close(); }
}
`;

let folder: string;
let pool: RunPool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-pool-'));
  await writeFile(join(folder, 'thread.mjs'), thread);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  pool = createRunPool({ slots: 3, threadFile: join(folder, 'thread.mjs') });
});
afterEach(() => pool.close());

let runs = 0;

function start(title: string, answer: RunJournal['report'] = async () => ({ live: true }) as JournalReply) {
  runs += 1;
  const reports: RunReport[] = [];
  const begun = Promise.withResolvers<void>();
  const input = { runId: `pool-test-${process.pid}-${runs}`, task: { title } } as RunInput;
  const run = pool.start(input, {
    report(report) {
      reports.push(report);
      begun.resolve();
      return answer(report);
    },
  });
  return { ...run, input, reports, begun: begun.promise };
}

describe('a run in the pool', () => {
  it('hands what people say to the run, which says that it took it up', async () => {
    const run = start('listens');
    await run.begun;
    const by = { memberId: 'm', name: 'ana' };
    const at = '2026-05-03T12:00:00Z';
    const note = { id: 'note-1', kind: 'steer', text: 'use tabs', by, at, status: 'waiting' } as const;
    run.tell({ notes: [note], approvals: [], questions: [], pausing: false });
    expect(await run.ended).toEqual({ how: 'over' });
    expect(run.reports[1]).toEqual({ type: 'note-taken', noteId: 'note-1', revision: 0 });
  });

  it('reports through its port and gets each reply', async () => {
    const { ended, reports } = start('reports');
    expect(await ended).toEqual({ how: 'over' });
    expect(reports).toEqual([
      { type: 'step-started', stepId: 'one' },
      { type: 'failed', reason: 'true' },
    ]);
  });

  it('is told to stop and may still say how it ended', async () => {
    const { ended, reports, begun, stop } = start('waits');
    await begun;
    stop('cancel');
    expect(await ended).toEqual({ how: 'over' });
    expect(reports.at(-1)).toEqual({ type: 'failed', reason: 'cancel' });
  });

  it('writes nothing more when it is lost, and is told of as broken', async () => {
    const { ended, reports, begun, stop } = start('waits');
    await begun;
    stop('lost');
    expect(await ended).toEqual({ how: 'broken', reason: expect.stringContaining('lost') });
    expect(reports).toEqual([{ type: 'step-started', stepId: 'waits' }]);
  });

  it('never says that a step failed whose processes we killed', async () => {
    const channel = new BroadcastChannel('there and back');
    channel.onmessage = () => channel.postMessage('back');
    onTestFinished(() => channel.close());
    const { ended, reports, begun, stop } = start('accuses');
    await begun;
    stop('lost');
    expect((await ended).how).toBe('broken');
    expect(reports).toEqual([{ type: 'step-started', stepId: 'accuses' }]);
  });

  it('ends when it is lost while it is cancelled', async () => {
    const { ended, reports, begun, stop } = start('isLostWhileCancelled');
    await begun;
    stop('cancel');
    stop('lost');
    expect((await ended).how).toBe('broken');
    expect(reports).toEqual([{ type: 'step-started', stepId: 'waits' }]);
  });

  it('breaks off when what it reports can not be written', async () => {
    const { ended } = start('waits', () => Promise.reject(new Error('no database')));
    expect(await ended).toEqual({ how: 'broken', reason: expect.stringContaining('no database') });
  });

  it.each(['crashes', 'hoards'])(
    'that %s takes its thread down: said of each run in it, and the next run works',
    async (title) => {
      const neighbour = start('waits');
      await neighbour.begun;
      const culprit = start(title);
      expect(await culprit.ended).toEqual({ how: 'broken', reason: expect.stringContaining('thread died') });
      expect(await neighbour.ended).toEqual({ how: 'broken', reason: expect.stringContaining('thread died') });
      expect(await start('reports').ended).toEqual({ how: 'over' });
    },
  );

  it('leaves no process: what carries its cookie is killed when its thread dies', async () => {
    const run = start('waits');
    await run.begun;
    const child = spawn('sleep', ['600'], { env: { COMMANDER_RUN: run.input.runId, PATH: process.env.PATH ?? '' } });
    const gone = once(child, 'exit');
    await once(child, 'spawn');
    start('crashes');
    expect(await gone).toEqual([null, 'SIGKILL']);
    expect((await run.ended).how).toBe('broken');
  });
});
