import type { ChatAdapter, IncomingMessage } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { InstallationStore } from '#core/chat/installations.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryInstallations } from '#tests/chat/memory-installations.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { untilDone } from '#tests/chat/until-done.ts';
import type { Fault, Injection } from '#tests/slack-server/faults.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import type { Message } from '#tests/slack-server/state/message.ts';
import { createSlackAdapter } from './adapter.ts';
import { callbackPath, installPath } from './install-pages.ts';
import type { Patience } from './patience.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const home = 'https://commander.example';

/** A request that takes so long is given up before, and takes effect while it is in doubt, in milliseconds. */
export const lateMs = 700;

/** Short where a request is to be given up, so that a test does not wait; elsewhere longer than any machine is busy. */
function patienceFor({ kind }: Fault): Patience {
  const shortMs = kind === 'hang' || kind === 'slow' ? 400 : 20_000;
  return {
    callMs: shortMs,
    answerMs: 2000,
    stillMs: shortMs,
    shareMs: 60_000,
    renewAgainMs: 0,
    settleMs: 100,
    graces: { unanswered: 900, failed: 60 },
  };
}

/** An adapter, the Slack that it is connected to, and one fault that its next request of a kind meets. */
export interface Scene {
  readonly slack: SlackServer;
  readonly host: HeardHost;
  readonly installations: InstallationStore;
  adapter: ChatAdapter;
  /** Lets the next request of the kind that is looked at go wrong. */
  fail(options?: { readonly matching?: (args: Readonly<Record<string, unknown>>) => boolean }): void;
  /** How often each fault that was asked for struck. */
  struck(): readonly number[];
  /** Another process in the place of the one before, connected when it is given back. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param connects by one workspace's token over sockets, or many by OAuth over HTTP, of which `may` may be added */
export async function openScene(
  method: string,
  fault: Fault,
  connects: { readonly by: 'token' } | { readonly by: 'oauth'; readonly may: 'any' | 'nobody' },
): Promise<Scene> {
  const isOAuth = connects.by === 'oauth';
  const slack = await startSlackServer({
    limits: 'none',
    // What is not heard is looked up, and not heard by being sent again.
    retries: [],
    ...(isOAuth ? { app: { tokens: 'rotating' } } : {}),
  });
  const { clientId, clientSecret } = slack.settings;
  const store = memoryStore();
  const installations = memoryInstallations();
  const settings = isOAuth
    ? {
        signingSecret: slack.signingSecret,
        address: home,
        installing: {
          clientId,
          clientSecret,
          workspaces: connects.may === 'any' ? ('any' as const) : [],
          authorizeUrl: slack.authorizationUrl,
        },
      }
    : { botToken: slack.botToken, appToken: slack.appToken };
  const host = heardHost();
  const injections: Injection[] = [];

  async function begin(): Promise<ChatAdapter> {
    const parts = { settings: { ...settings, apiUrl: slack.url }, store, installations, log: silent };
    const next = createSlackAdapter(parts, patienceFor(fault));
    // The application asks until it is understood, and starts a platform until it stands.
    host.understand = (body) => untilDone(async () => next.understand?.(body));
    await untilDone(() => next.start(host));
    return next;
  }

  const scene: Scene = {
    slack,
    host,
    installations,
    adapter: await begin(),
    fail: (options) => void injections.push(slack.faults.http.inject(method, fault, options)),
    struck: () => injections.map(({ hits }) => hits),
    async restart() {
      await scene.adapter.stop();
      scene.adapter = await begin();
    },
    async stop() {
      await scene.adapter.stop();
      await slack.stop();
    },
  };
  return scene;
}

export function card(title: string, blocks: Card['blocks'] = []): Card {
  return { key: 'status', tone: 'neutral', title: [title], blocks, summary: title };
}

/** A channel that the bot is in, which nothing else happens in. */
export function channelOf({ slack: { driver } }: Scene): string {
  const channel = driver.addChannel(`channel-${driver.workspace.channels.size}`);
  driver.invite(channel);
  return channel;
}

/** What is heard of a message. */
export async function heardOf({ host }: Scene, said: Message): Promise<IncomingMessage> {
  for (let count = 1; ; count += 1) {
    const found = (await host.until(count)).find(({ externalId }) => externalId.endsWith(`${said.channel}/${said.ts}`));
    if (found !== undefined) return found;
  }
}

/** Somebody asks for something; the thread. */
export async function asked(scene: Scene) {
  const { driver } = scene.slack;
  const root = driver.say(channelOf(scene), driver.ben, `${driver.mention} go`);
  return { root, thread: (await heardOf(scene, root)).thread };
}

/** A person goes the way from the first page over Slack and back; the page at its end. */
export async function install({ adapter, slack }: Scene): Promise<{ readonly status: number; readonly text: string }> {
  const first = await adapter.handle?.(new Request(`${home}${installPath}`));
  const link = /<a href="([^"]+)"/.exec((await first?.text()) ?? '')?.[1]?.replaceAll('&amp;', '&') ?? '';
  const asking = new URL(link);
  asking.searchParams.set('team', slack.driver.workspace.id);
  const agreed = await fetch(asking, { redirect: 'manual' });
  const back = new URL(agreed.headers.get('location') ?? '');
  if (back.pathname !== callbackPath) throw new Error(`Slack leads back to ${back.pathname}`);
  const cookie = first?.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const page = await adapter.handle?.(new Request(back, { headers: { cookie } }));
  return { status: page?.status ?? 0, text: (await page?.text()) ?? '' };
}
