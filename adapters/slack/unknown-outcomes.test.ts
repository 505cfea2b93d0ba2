import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type ChatHost, PostLater, type ThreadAddress } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { quietHost } from '#tests/chat/quiet-host.ts';
import { untilDone } from '#tests/chat/until-done.ts';
import type { Fault } from '#tests/slack-server/faults.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import { addressOf, createCommandThreads } from './addresses.ts';
import { createApi } from './api.ts';
import { createDoubts } from './doubts.ts';
import type { Patience } from './patience.ts';
import { createPosts, type Posts } from './posts.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** A call is given up after this, in milliseconds, and may take effect for some more. */
const patience: Patience = {
  ...{ callMs: 250, answerMs: 2000, stillMs: 250, shareMs: 60_000, renewAgainMs: 0, settleMs: 100 },
  graces: { unanswered: 900, failed: 60 },
};

/** A call that takes so long is given up before, and takes effect while it is in doubt. */
const lateMs = 550;

/** A Slack of its own, so that the tests wait beside each other. */
interface Scene extends AsyncDisposable {
  readonly slack: SlackServer;
  readonly store: ReturnType<typeof memoryStore>;
}

async function openScene(): Promise<Scene> {
  const slack = await startSlackServer({ limits: 'none' });
  return { slack, store: memoryStore(), [Symbol.asyncDispose]: () => slack.stop() };
}

async function begin(
  { slack, store }: Pick<Scene, 'slack' | 'store'>,
  host = quietHost,
  waits = patience,
): Promise<Posts> {
  const paceOf = () => ({ burst: 1000, perSecond: 1000, reserve: 0 });
  const token = async () => slack.botToken;
  const api = createApi({
    token,
    refused: async () => 'gone',
    apiUrl: slack.url,
    log,
    callMs: patience.callMs,
    paceOf,
  });
  const doubts = createDoubts(store, patience.graces);
  await doubts.load();
  return createPosts({
    apiOf: () => api,
    store,
    host,
    threads: createCommandThreads(store),
    log,
    doubts,
    patience: waits,
  });
}

/** A thread that a person began, and the texts that are shown in it. */
function beginThread({ slack: { driver } }: Scene) {
  const root = driver.say(driver.channel('general'), driver.ben, 'a thread');
  const address = addressOf({ team: driver.workspace.id, channel: root.channel, ts: root.ts });
  return { address, messages: () => driver.thread(root), shown: () => driver.thread(root).map(({ text }) => text) };
}

function card(title: string): Card {
  return { key: 'status', tone: 'neutral', title: [title], blocks: [], summary: title };
}

it.concurrent('shows the newest text for good, though an older edit was given up and lands later', async () => {
  await using scene = await openScene();
  const thread = beginThread(scene);
  const posts = await begin(scene);
  const key = randomUUID();
  const post = await untilDone(() => posts.create(thread.address, card('one'), key, 'now'));
  scene.slack.faults.http.inject('chat.update', { kind: 'slow', milliseconds: lateMs });
  await expect(posts.edit(thread.address, post, card('two'), 'now')).rejects.toThrow();
  await untilDone(() => posts.edit(thread.address, post, card('three'), 'now'));
  const versions = thread.messages()[0]?.versions.map(({ text }) => text);
  expect(versions).toContain('two');
  expect(versions?.at(-1)).toBe('three');
});

it.concurrent('is still in doubt after the process died', async () => {
  await using scene = await openScene();
  const thread = beginThread(scene);
  const posts = await begin(scene);
  const key = randomUUID();
  const post = await untilDone(() => posts.create(thread.address, card('one'), key, 'now'));
  scene.slack.faults.http.inject('chat.update', { kind: 'slow', milliseconds: lateMs });
  await expect(posts.edit(thread.address, post, card('two'), 'now')).rejects.toThrow();
  const next = await begin(scene);
  await expect(next.edit(thread.address, post, card('three'), 'now')).rejects.toThrow(PostLater);
  await untilDone(() => next.edit(thread.address, post, card('three'), 'now'));
  expect(thread.shown()).toEqual(['three']);
});

it.concurrent('posts once, though a post was given up and lands later', async () => {
  await using scene = await openScene();
  const thread = beginThread(scene);
  const posts = await begin(scene);
  scene.slack.faults.http.inject('chat.postMessage', { kind: 'slow', milliseconds: lateMs });
  const key = randomUUID();
  await untilDone(() => posts.create(thread.address, card('once'), key, 'now'));
  expect(thread.shown()).toEqual(['once']);
});

it.concurrent('posts again at once when nothing was sent for sure', async () => {
  await using scene = await openScene();
  const thread = beginThread(scene);
  const posts = await begin(scene);
  scene.slack.faults.http.inject('chat.postMessage', { kind: 'refuse', error: 'team_added_to_org' });
  const key = randomUUID();
  await expect(posts.create(thread.address, card('refused'), key, 'now')).rejects.toThrow();
  await posts.create(thread.address, card('refused'), key, 'now');
  expect(scene.slack.calls.of('conversations.replies')).toEqual([]);
});

describe.concurrent('a file whose upload is cut short', () => {
  const faults: readonly (readonly [method: string, fault: Fault])[] = [
    ['files.getUploadURLExternal', { kind: 'error', when: 'before' }],
    ['upload', { kind: 'drop', when: 'after' }],
    ['files.completeUploadExternal', { kind: 'error', when: 'before' }],
    ['files.completeUploadExternal', { kind: 'drop', when: 'after' }],
    ['files.completeUploadExternal', { kind: 'rate_limited', seconds: 1 }],
  ];

  it.concurrent.each(faults)('at %s (%o) is in the thread once', async (method, fault) => {
    await using scene = await openScene();
    const thread = beginThread(scene);
    const posts = await begin(scene, withOutput);
    scene.slack.faults.http.inject(method, fault);
    await untilDone(() => posts.share(thread.address, output, 'o1'));
    expect(thread.messages().map(({ files }) => files.length)).toEqual([1]);
  });

  it.concurrent('by the end of its process is in the thread once, whatever lands afterwards', async () => {
    await using scene = await openScene();
    const thread = beginThread(scene);
    const posts = await begin(scene, withOutput);
    const { http } = scene.slack.faults;
    http.inject('files.completeUploadExternal', { kind: 'slow', milliseconds: lateMs });
    // Nobody is told how it went.
    void posts.share(thread.address, output, 'o1').catch(() => undefined);
    await vi.waitFor(() => expect(scene.slack.calls.of('files.completeUploadExternal')).toHaveLength(1));
    const known = memoryStore();
    for (const [key, value] of await scene.store.list('')) await known.set(key, value);
    const next = await begin({ ...scene, store: known }, withOutput);
    await untilDone(() => next.share(thread.address, output, 'o1'));
    expect(thread.messages().map(({ files }) => files.length)).toEqual([1]);
    expect(scene.slack.calls.of('files.completeUploadExternal')).toHaveLength(1);
  });

  it.concurrent('again and again is said in the end, once, with a link', async () => {
    await using scene = await openScene();
    const thread = beginThread(scene);
    const posts = await begin(scene, withOutput, { ...patience, shareMs: 50 });
    scene.slack.faults.http.inject('upload', { kind: 'error', when: 'before' }, { times: 1000 });
    await untilDone(() => posts.share(thread.address, output, 'o1'));
    await posts.share(thread.address, output, 'o1');
    expect(thread.shown()).toEqual([expect.stringContaining('a.txt could not be put here')]);
    expect(JSON.stringify(thread.messages()[0]?.blocks)).toContain('https://commander.example/o1');
  });
});

/** A card with one file. */
const produced = { outputId: 'o1', name: 'a.txt', mediaType: 'text/plain', size: 8, version: 1, href: '/o1' };
const output: Card = { ...card('with a file'), blocks: [{ kind: 'files', files: [produced] }] };

const withOutput: ChatHost = {
  ...quietHost,
  address: 'https://commander.example',
  async output() {
    const bytes = Buffer.from('produced');
    async function* open() {
      yield bytes;
    }
    return { name: 'a.txt', mediaType: 'text/plain', size: bytes.length, open };
  },
};

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('error' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('drop' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('hang' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('slow' as const), milliseconds: fc.integer({ min: 1, max: lateMs }) }),
);

describe.concurrent('whatever goes wrong with calls', () => {
  it.concurrent.each([1, 2])(
    'nothing is lost or there twice, and every card ends with its newest text: %i',
    async () => {
      await using scene = await openScene();
      const { http } = scene.slack.faults;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.option(fault), { minLength: 40, maxLength: 60 }), async (faults) => {
          http.clear();
          const thread = beginThread(scene);
          const posts = await begin(scene);
          for (const each of faults) {
            const kind: Fault = each ?? { kind: 'slow', milliseconds: 1 };
            for (const method of ['chat.postMessage', 'chat.update', 'conversations.replies'])
              http.inject(method, kind);
          }
          const names = ['a', 'b', 'c', 'd', 'e'];
          await Promise.all(names.map((name) => present(posts, thread.address, name)));
          expect([...thread.shown()].sort()).toEqual(names.map((name) => `${name} 8`));
        }),
        { numRuns: 1 },
      );
    },
  );

  /** A card with eight revisions, of which some are replaced before they were sent. */
  async function present(posts: Posts, thread: ThreadAddress, name: string): Promise<void> {
    const key = randomUUID();
    const post = await untilDone(() => posts.create(thread, card(`${name} 0`), key, 'now'));
    let newest = 1;
    const hurry = setInterval(() => {
      newest = Math.min(8, newest + 1);
    }, 40);
    for (let sent = 0; sent < 8; ) {
      const revision = newest;
      await untilDone(() => posts.edit(thread, post, card(`${name} ${newest}`), 'now'));
      sent = Math.max(sent, revision);
    }
    clearInterval(hurry);
  }
});
