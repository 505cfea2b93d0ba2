import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostLater } from '#core/chat/adapter.ts';
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
const patience: Patience = { callMs: 250, stillMs: 250, graces: { unanswered: 900, failed: 60 } };

/** A call that takes so long is given up before, and takes effect while it is in doubt. */
const lateMs = 550;

let slack: SlackServer;
let root: ReturnType<SlackServer['driver']['say']>;
let store: ReturnType<typeof memoryStore>;

beforeEach(async () => {
  slack = await startSlackServer({ limits: 'none' });
  store = memoryStore();
  root = slack.driver.say(slack.driver.channel('general'), slack.driver.ben, 'a thread');
});
afterEach(() => slack.stop());

async function begin(host = quietHost): Promise<Posts> {
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
    patience,
  });
}

function card(title: string): Card {
  return { key: 'status', tone: 'neutral', title: [title], blocks: [], summary: title };
}

const thread = () =>
  addressOf({ team: slack.driver.workspace.id, channel: slack.driver.channel('general'), ts: root.ts });
const shown = () => slack.driver.thread(root).map(({ text }) => text);

it('shows the newest text for good, though an older edit was given up and lands later', async () => {
  const posts = await begin();
  const key = randomUUID();
  const post = await untilDone(() => posts.create(thread(), card('one'), key, 'now'));
  slack.faults.http.inject('chat.update', { kind: 'slow', milliseconds: lateMs });
  await expect(posts.edit(thread(), post, card('two'), 'now')).rejects.toThrow();
  await untilDone(() => posts.edit(thread(), post, card('three'), 'now'));
  const versions = slack.driver.thread(root)[0]?.versions.map(({ text }) => text);
  expect(versions).toContain('two');
  expect(versions?.at(-1)).toBe('three');
});

it('is still in doubt after the process died', async () => {
  const posts = await begin();
  const key = randomUUID();
  const post = await untilDone(() => posts.create(thread(), card('one'), key, 'now'));
  slack.faults.http.inject('chat.update', { kind: 'slow', milliseconds: lateMs });
  await expect(posts.edit(thread(), post, card('two'), 'now')).rejects.toThrow();
  const next = await begin();
  await expect(next.edit(thread(), post, card('three'), 'now')).rejects.toThrow(PostLater);
  await untilDone(() => next.edit(thread(), post, card('three'), 'now'));
  expect(shown()).toEqual(['three']);
});

it('posts once, though a post was given up and lands later', async () => {
  const posts = await begin();
  slack.faults.http.inject('chat.postMessage', { kind: 'slow', milliseconds: lateMs });
  const key = randomUUID();
  await untilDone(() => posts.create(thread(), card('once'), key, 'now'));
  expect(shown()).toEqual(['once']);
});

it('posts again at once when nothing was sent for sure', async () => {
  const posts = await begin();
  slack.faults.http.inject('chat.postMessage', { kind: 'refuse', error: 'team_added_to_org' });
  const key = randomUUID();
  await expect(posts.create(thread(), card('refused'), key, 'now')).rejects.toThrow();
  await posts.create(thread(), card('refused'), key, 'now');
  expect(slack.calls.of('conversations.replies')).toEqual([]);
});

describe('a file whose upload is cut short', () => {
  const faults: readonly (readonly [method: string, fault: Fault])[] = [
    ['files.getUploadURLExternal', { kind: 'error', when: 'before' }],
    ['upload', { kind: 'drop', when: 'after' }],
    ['files.completeUploadExternal', { kind: 'error', when: 'before' }],
    ['files.completeUploadExternal', { kind: 'drop', when: 'after' }],
    ['files.completeUploadExternal', { kind: 'rate_limited', seconds: 1 }],
  ];

  it.each(faults)('at %s (%o) is in the thread once', async (method, fault) => {
    const bytes = Buffer.from('produced');
    async function* open() {
      yield bytes;
    }
    const output = async () => ({ name: 'a.txt', mediaType: 'text/plain', size: bytes.length, open });
    const posts = await begin({ ...quietHost, output });
    const file = { outputId: 'o1', name: 'a.txt', mediaType: 'text/plain', size: 8, version: 1, href: '/o1' };
    const key = randomUUID();
    slack.faults.http.inject(method, fault);
    await untilDone(() =>
      posts.create(thread(), { ...card('with a file'), blocks: [{ kind: 'files', files: [file] }] }, key, 'now'),
    );
    expect(slack.driver.thread(root).filter(({ files }) => files.length > 0)).toHaveLength(1);
    expect(slack.driver.thread(root)).toHaveLength(2);
  });
});

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('error' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('drop' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('hang' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('slow' as const), milliseconds: fc.integer({ min: 1, max: lateMs }) }),
);

describe('whatever goes wrong with calls', () => {
  it('nothing is lost, nothing is there twice, and every card ends with its newest text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(fault), { minLength: 40, maxLength: 60 }), async (faults) => {
        slack.faults.http.clear();
        root = slack.driver.say(slack.driver.channel('general'), slack.driver.ben, 'another thread');
        const posts = await begin();
        for (const each of faults) {
          const kind: Fault = each ?? { kind: 'slow', milliseconds: 1 };
          for (const method of ['chat.postMessage', 'chat.update', 'conversations.replies'])
            slack.faults.http.inject(method, kind);
        }
        const names = ['a', 'b', 'c', 'd', 'e'];
        await Promise.all(names.map((name) => present(posts, name)));
        expect([...shown()].sort()).toEqual(names.map((name) => `${name} 8`));
      }),
      { numRuns: 2 },
    );
  });

  /** A card with eight revisions, of which some are replaced before they were sent. */
  async function present(posts: Posts, name: string): Promise<void> {
    const key = randomUUID();
    const post = await untilDone(() => posts.create(thread(), card(`${name} 0`), key, 'now'));
    let newest = 1;
    const hurry = setInterval(() => {
      newest = Math.min(8, newest + 1);
    }, 40);
    for (let sent = 0; sent < 8; ) {
      const revision = newest;
      await untilDone(() => posts.edit(thread(), post, card(`${name} ${newest}`), 'now'));
      sent = Math.max(sent, revision);
    }
    clearInterval(hurry);
  }
});
