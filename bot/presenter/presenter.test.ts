import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ChatAdapter, PostLater, PostRefused, type ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import type { TaskState } from '#core/task/state.ts';
import { plannedStep } from '#core/task/testing.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { newId } from '#db/id.ts';
import { unpresentedTasks } from '#db/posts/posts.ts';
import { retryRefused } from '#db/posts/refused.ts';
import { addProject } from '#db/projects/projects.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { taskById } from '#db/tasks/queries.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { askFor } from '#tests/tasks.ts';
import { createAnswersFirst } from '../answers-first.ts';
import type { Loop } from '../intake/intake-loop.ts';
import { startPresenter } from './presenter.ts';

let database: TestDatabase;
let db: Database;
let platform: SlowPlatform;
let presenter: Loop;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});
beforeEach(() => {
  platform = slowPlatform();
  presenter = present(platform);
});
afterEach(async () => {
  platform.open();
  platform.handOver();
  platform.drop();
  await presenter.stop();
});

describe('the presenter on a slow platform', () => {
  it('shows an approval while the edit of a status card is still under way', async () => {
    const { taskId, thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    platform.hold((call) => call.kind === 'edit');
    const runId = await start(taskId);
    await platform.untilCall((call) => call.kind === 'edit' && call.card.key === 'status:1');
    await needApproval(taskId, runId);
    await platform.until((shown) => [...shown.keys()].some((key) => key.startsWith(`${thread} approval:`)));
  });

  it('holds up no other thread, however many posts of others are slow', async () => {
    platform.hold((call) => call.kind === 'edit');
    const slow = await Promise.all(Array.from({ length: 20 }, () => ask()));
    // Only a post that is there can be edited.
    await platform.until((shown) => slow.every(({ thread }) => shown.has(`${thread} status:1`)));
    for (const { taskId } of slow) await start(taskId);
    await platform.untilHeld(20);
    const { thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
  });

  it('has one edit of a post under way and sends only the newest card next', async () => {
    const { taskId, thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    platform.hold((call) => call.kind === 'edit');
    const runId = await start(taskId);
    await platform.untilHeld(1);
    for (const line of ['one', 'two', 'three']) {
      const action = { at: new Date().toISOString(), text: 'Ran', code: line };
      await commandTask(db, taskId, { type: 'report', runId, report: { type: 'actions', actions: [action] } });
    }
    await commandTask(db, taskId, { type: 'report', runId, report: { type: 'failed', reason: 'the disk is full' } });
    platform.open();
    await platform.until((shown) => shown.get(`${thread} status:1`)?.summary.includes('disk is full') === true);
    expect(platform.mostAtOnce(thread, 'status:1')).toBe(1);
    const revisions = platform.calls.flatMap((call) =>
      call.kind === 'edit' && call.thread === thread && call.card.key === 'status:1' ? [call.revision] : [],
    );
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  it('shows the newest text for good, though an edit that a process left when it was killed lands after it', async () => {
    const { taskId, thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    platform.strand(`${thread} status:1`);
    const runId = await start(taskId);
    await platform.untilStranded();
    const next = present(platform);
    await commandTask(db, taskId, { type: 'report', runId, report: { type: 'failed', reason: 'the disk is full' } });
    const isNewest = (shown: ReadonlyMap<string, Card>) =>
      shown.get(`${thread} status:1`)?.summary.includes('disk is full') === true;
    await platform.until(isNewest);
    platform.land();
    expect(isNewest(platform.shown)).toBe(false);
    await platform.until(isNewest);
    const left = () => unpresentedTasks(db, { platforms: ['slow'], limit: 10 });
    await vi.waitFor(async () => expect(await left()).toEqual([]), 5000);
    await next.stop();
  });

  it('makes the posts of a thread in their order, also when the first is slow', async () => {
    platform.hold((call) => call.kind === 'create' && call.card.key.startsWith('understanding'));
    const { thread } = await ask();
    await platform.untilHeld(1);
    expect(platform.calls.filter((call) => call.kind === 'create' && call.thread === thread)).toHaveLength(1);
    platform.open();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    const made = platform.calls.flatMap((call) =>
      call.kind === 'create' && call.thread === thread ? [call.card.key] : [],
    );
    expect(made).toEqual(['understanding:1', 'status:1']);
  });

  it('makes what people wait for on a platform that has no room for news, and what has to be there before it', async () => {
    platform.fill();
    const { taskId, thread } = await ask();
    await platform.untilRefused(2);
    expect(platform.calls).toEqual([]);
    await needApproval(taskId, await start(taskId));
    await platform.until((shown) => [...shown.keys()].some((key) => key.startsWith(`${thread} approval:`)));
    const made = platform.calls.flatMap((call) => (call.kind === 'create' ? [call.card.key.split(':')[0]] : []));
    expect(made).toEqual(['understanding', 'status', 'approval']);
  });

  it('shows an approval though a post before it fails again and again', async () => {
    platform.break('understanding:1');
    const { taskId, thread } = await ask();
    await needApproval(taskId, await start(taskId));
    await platform.until((shown) => [...shown.keys()].some((key) => key.startsWith(`${thread} approval:`)));
    platform.break('');
    await platform.until((shown) => shown.has(`${thread} understanding:1`) && shown.has(`${thread} status:1`));
  });

  it('shows what people wait for while a file of an earlier post is on its way; the next process goes on with it', async () => {
    platform.withhold();
    const [asks, fails] = await Promise.all([ask(), ask()]);
    for (const { thread } of [asks, fails]) await platform.untilShared(thread, 1);
    await needApproval(asks.taskId, await start(asks.taskId));
    await platform.until((shown) => [...shown.keys()].some((key) => key.startsWith(`${asks.thread} approval:`)));
    const failed = { type: 'failed', reason: 'the disk is full' } as const;
    await commandTask(db, fails.taskId, { type: 'report', runId: await start(fails.taskId), report: failed });
    await platform.until((shown) => shown.has(`${fails.thread} report:1`));
    const next = present(platform);
    for (const { thread } of [asks, fails]) await platform.untilShared(thread, 2);
    platform.handOver();
    const left = () => unpresentedTasks(db, { platforms: ['slow'], limit: 10 });
    await vi.waitFor(async () => expect(await left()).toEqual([]));
    await next.stop();
    for (const each of [asks, fails]) {
      const keys = platform.sharings.filter(({ thread }) => thread === each.thread).map(({ key }) => key);
      expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    }
  });

  it('asks again with the same key when nobody knows whether a post was made, and makes it once', async () => {
    platform.lose(2);
    const { thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    const keys = platform.calls.flatMap((call) =>
      call.kind === 'create' && call.thread === thread && call.card.key === 'understanding:1' ? [call.key] : [],
    );
    expect(keys.length).toBeGreaterThanOrEqual(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('writes a refusal down and asks no more', async () => {
    platform.refuse('understanding:1');
    const { thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    const row = await db.kysely
      .selectFrom('posts')
      .innerJoin('threads', 'threads.id', 'posts.thread_id')
      .select('refused')
      .where('thread', '=', thread)
      .where('key', 'like', '%:understanding:1')
      .executeTakeFirstOrThrow();
    expect(row.refused).toBe('The channel is archived.');
  });

  it('tries a refused card again when somebody waits for what it says now, and not for news', async () => {
    platform.refuse('status:1');
    const { taskId, thread } = await ask();
    const ofStatus = (call: Call) => call.kind === 'create' && call.thread === thread && call.card.key === 'status:1';
    await platform.untilCall(ofStatus);
    platform.refuse('');
    const runId = await start(taskId);
    await commandTask(db, taskId, { type: 'report', runId, report: { type: 'failed', reason: 'the disk is full' } });
    await platform.until((shown) => shown.get(`${thread} status:1`)?.summary.includes('disk is full') === true);
    expect(platform.calls.filter(ofStatus)).toHaveLength(2);
  });

  it('makes what was refused when the channel takes posts again, in its order and once', async () => {
    platform.refuse('understanding:1');
    const { thread } = await ask();
    await platform.until((shown) => shown.has(`${thread} status:1`));
    platform.refuse('');
    const { channel } = await db.kysely
      .selectFrom('threads')
      .select('channel')
      .where('thread', '=', thread)
      .executeTakeFirstOrThrow();
    await retryRefused(db, { platform: 'slow', channel: 'elsewhere' });
    await retryRefused(db, { platform: 'slow', channel });
    await platform.until((shown) => shown.has(`${thread} understanding:1`));
    await retryRefused(db, { platform: 'slow', channel });
    const made = platform.calls.filter((call) => call.kind === 'create' && call.thread === thread);
    expect(made.map(({ card }) => card.key)).toEqual(['understanding:1', 'status:1', 'understanding:1']);
  });

  it('calls by a reminder whom it names', async () => {
    const { taskId, thread } = await ask();
    await needApproval(taskId, await start(taskId));
    const state = (await taskById(db, taskId)) as TaskState;
    const askedId = state.approvals[0]?.id ?? '';
    await commandTask(db, taskId, { type: 'remind', askedId, told: { to: state.requester } });
    const reminder = `${thread} reminder:${askedId}:1`;
    await platform.until((shown) => shown.has(reminder));
    await platform.until((shown) => shown.get(reminder)?.notifies?.name === 'ana');
  });

  it('calls who asked by the report of an end, and by nothing else; not when it was cancelled', async () => {
    const { taskId, thread } = await ask();
    const runId = await start(taskId);
    await commandTask(db, taskId, { type: 'report', runId, report: { type: 'failed', reason: 'the disk is full' } });
    const cancelled = await ask();
    await commandTask(db, cancelled.taskId, { type: 'cancel' });
    await platform.until((shown) => shown.has(`${thread} report:1`) && shown.has(`${cancelled.thread} status:1`));
    const called = platform.calls.flatMap(({ card, kind }) =>
      card.notifies ? [[kind, card.key, card.notifies.name]] : [],
    );
    expect(called).toEqual([['create', 'report:1', 'ana']]);
  });

  it('says how the newest task of the thread stands, and says it again after a crash in between', async () => {
    const { taskId, thread } = await ask();
    await platform.untilStatus((states) => states.get(thread) === 'working');
    const runId = await start(taskId);
    await needApproval(taskId, runId);
    await platform.untilStatus((states) => states.get(thread) === 'waiting');
    await presenter.stop();
    platform.forget();
    await db.kysely.updateTable('presented').set({ seq: 0 }).where('task_id', '=', taskId).execute();
    await db.kysely.deleteFrom('posts').where('key', '=', 'thread-status').execute();
    presenter = present(platform);
    await platform.untilStatus((states) => states.get(thread) === 'waiting');
  });
});

type Call =
  | { readonly kind: 'create'; readonly thread: string; readonly card: Card; readonly key: string }
  | { readonly kind: 'edit'; readonly thread: string; readonly card: Card; readonly revision: number };

type SlowPlatform = ReturnType<typeof slowPlatform>;

/** A chat platform whose calls can be held, lost and refused. */
function slowPlatform() {
  const calls: Call[] = [];
  const shown = new Map<string, Card>();
  const posts = new Map<string, string>();
  const states = new Map<string, string>();
  const underWay = new Map<string, number>();
  const most = new Map<string, number>();
  const checks = new Set<() => void>();
  let held: (() => void)[] = [];
  let holds: (call: Call) => boolean = () => false;
  let losses = 0;
  let isFull = false;
  let newsRefused = 0;
  let refused: string | undefined;
  let broken: string | undefined;
  let stranding: string | undefined;
  let stranded: { readonly place: string; readonly card: Card; readonly lost: PromiseWithResolvers<void> } | undefined;
  const sharings: { readonly thread: string; readonly key: string }[] = [];
  let handing: PromiseWithResolvers<void> | undefined;

  function changed(): void {
    for (const check of [...checks]) check();
  }

  function when(fits: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!fits()) return;
        checks.delete(check);
        resolve();
      };
      checks.add(check);
      check();
    });
  }

  async function take(call: Call): Promise<void> {
    const place = `${call.thread} ${call.card.key}`;
    calls.push(call);
    const count = (underWay.get(place) ?? 0) + 1;
    underWay.set(place, count);
    most.set(place, Math.max(count, most.get(place) ?? 0));
    changed();
    if (holds(call)) {
      await new Promise<void>((resolve) => {
        held.push(resolve);
        changed();
      });
    }
    underWay.set(place, (underWay.get(place) ?? 1) - 1);
    if (call.card.key === refused) throw new PostRefused('The channel is archived.');
    shown.set(place, call.card);
    changed();
  }

  const adapter: ChatAdapter = {
    platform: 'slow',
    start: async () => undefined,
    stop: async () => undefined,
    linkTo: async () => undefined,
    download: async () => {
      throw new Error('there are no files');
    },
    async create({ thread }, card, key, urgency) {
      if (isFull && urgency === 'soon') {
        newsRefused += 1;
        changed();
        throw new PostLater(5);
      }
      if (card.key === broken) throw new Error('the connection broke');
      await take({ kind: 'create', thread, card, key });
      const post = posts.get(key) ?? `post-${posts.size}`;
      posts.set(key, post);
      if (losses > 0) {
        losses -= 1;
        throw new Error('the connection broke');
      }
      return post;
    },
    async edit({ thread }, post, card, revision) {
      const place = `${thread} ${card.key}`;
      if (place === stranding) {
        stranding = undefined;
        stranded = { place, card, lost: Promise.withResolvers() };
        changed();
        await stranded.lost.promise;
      }
      await take({ kind: 'edit', thread, card, revision });
      return post;
    },
    sharing: {
      parts: ({ key }) => (key === 'understanding:1' ? ['file'] : []),
      async share({ thread }, _card, _part, key) {
        sharings.push({ thread, key });
        changed();
        await handing?.promise;
      },
    },
    async showStatus({ thread }: ThreadAddress, { state }) {
      states.set(thread, state);
      changed();
    },
  };
  return {
    adapter,
    calls,
    hold: (which: (call: Call) => boolean) => {
      holds = which;
    },
    open() {
      holds = () => false;
      for (const release of held) release();
      held = [];
    },
    /** From now on there is no room for new posts that nobody waits for. */
    fill: () => {
      isFull = true;
    },
    untilRefused: (count: number) => when(() => newsRefused >= count),
    lose: (count: number) => {
      losses = count;
    },
    refuse: (key: string) => {
      refused = key;
    },
    /** New posts of this key fail, and nobody knows whether they were made. */
    break: (key: string) => {
      broken = key;
    },
    shown,
    /** The next edit of this post is never answered, and lands when the test says so. */
    strand: (place: string) => {
      stranding = place;
    },
    untilStranded: () => when(() => stranded !== undefined),
    land() {
      if (stranded !== undefined) shown.set(stranded.place, stranded.card);
    },
    drop: () => stranded?.lost.reject(new Error('the connection broke')),
    /** The keys by which files were put into threads. */
    sharings,
    /** From now on files take for ever. */
    withhold: () => {
      handing = Promise.withResolvers();
    },
    handOver: () => handing?.resolve(),
    untilShared: (thread: string, count: number) =>
      when(() => sharings.filter((each) => each.thread === thread).length >= count),
    forget: () => states.clear(),
    mostAtOnce: (thread: string, key: string) => most.get(`${thread} ${key}`),
    until: (fits: (now: ReadonlyMap<string, Card>) => boolean) => when(() => fits(shown)),
    untilCall: (fits: (call: Call) => boolean) => when(() => calls.some(fits)),
    untilHeld: (count: number) => when(() => held.length >= count),
    untilStatus: (fits: (now: ReadonlyMap<string, string>) => boolean) => when(() => fits(states)),
  };
}

function present({ adapter }: SlowPlatform): Loop {
  const adapters = new Map([[adapter.platform, adapter]]);
  const log = pino({ level: 'silent' });
  return startPresenter(
    { db, home: '/nowhere', log, answersFirst: createAnswersFirst(), adapters },
    { retryMs: 5, lateMs: 2000 },
  );
}

let project: Promise<string> | undefined;

/** A task in a thread of its own. */
async function ask(
  steps: readonly PlannedStep[] = [plannedStep('s1', { approve: 'it changes the project' })],
): Promise<{ taskId: string; thread: string }> {
  project ??= addProject(db, { name: 'demo', kind: 'folder', location: '/nowhere' }).then(
    (each) => each.project.projectId,
  );
  const { taskIds, thread } = await askFor(db, { platform: 'slow', projectId: await project, task: { steps } });
  const [taskId] = taskIds;
  if (taskId === undefined) throw new Error('no task was made');
  return { taskId, thread };
}

async function start(taskId: string): Promise<string> {
  const runId = newId();
  await commandTask(db, taskId, { type: 'admit', runId });
  await commandTask(db, taskId, { type: 'claim', runId, worker: 'w' });
  return runId;
}

async function needApproval(taskId: string, runId: string): Promise<void> {
  const request = { stepId: 's1', reason: 'it changes the project', shown: 'git tag', hash: 'h', ruleHash: 'r' };
  await commandTask(db, taskId, { type: 'report', runId, report: { type: 'needs-approval', ...request } });
}
