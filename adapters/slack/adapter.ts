import type { ChatAdapter, ChatHost, ThreadAddress, ThreadStatus } from '#core/chat/adapter.ts';
import { linkWith } from '#core/chat/link.ts';
import type { PlatformParts, SlackSettings } from '#core/chat/platform.ts';
import { createCommandThreads, placeOf } from './addresses.ts';
import { createApi, slackError } from './api.ts';
import { drawCard } from './card.ts';
import { heardUntilKey, lookBack } from './catch-up.ts';
import { fetchFile } from './downloads.ts';
import { callbackShape, eventShape, type SlackEvent } from './envelopes.ts';
import { createRequests } from './http.ts';
import { createInteractions } from './interactions.ts';
import { createMessages } from './messages.ts';
import { createPeople } from './people.ts';
import { createPosts, forgetPostings, type Posts } from './posts.ts';
import { createSockets, type Delivery, type Sockets } from './sockets.ts';

/** Slack can not be used; the message says why, and what to do. */
export class SlackUnusable extends Error {
  readonly code = 'slack_unusable';
}

interface Running {
  readonly posts: Posts;
  readonly sockets: Sockets | undefined;
  readonly deliver: (delivery: Delivery) => Promise<void>;
  readonly heartbeat: NodeJS.Timeout;
}

interface Identity {
  readonly user_id: string;
  readonly team_id: string;
  readonly team: string;
  readonly url: string;
}

/** How often it is written down that everything was heard, in milliseconds. */
const heardMs = 10_000;

const sessionStatuses = { working: 'processing', waiting: 'suspended', over: 'active' } as const;

/** Slack: mentions, direct messages, commands, shortcuts; a thread for each task. */
export function createSlackAdapter({ settings, store, log }: PlatformParts<SlackSettings>): ChatAdapter {
  const api = createApi(settings.botToken, settings.apiUrl, log);
  const threads = createCommandThreads(store);
  const people = createPeople(api);
  const ownOrigin = settings.apiUrl === undefined ? undefined : new URL(settings.apiUrl).origin;
  let running: Running | undefined;
  let workspace = 'https://slack.com/';
  let hasSessions = true;

  async function start(host: ChatHost): Promise<void> {
    const me = await identify();
    workspace = me.url;
    const self = () => me.user_id;
    const messages = createMessages({ api, host, people, threads, self });
    const interactions = createInteractions({ api, host, people, threads, log });
    const posts = createPosts({ api, store, host, threads, log });

    async function deliver({ body, acknowledge }: Delivery): Promise<void> {
      const callback = callbackShape.safeParse(body);
      if (!callback.success) {
        if (!(await interactions.handle(body, acknowledge))) await acknowledge();
        return;
      }
      const event = eventShape.safeParse(callback.data.event);
      if (event.success) await take(callback.data.team_id, event.data);
      await acknowledge();
    }

    async function take(team: string, event: SlackEvent): Promise<void> {
      if (event.type === 'app_home_opened') return showHome(host, team, event.user);
      if (event.type === 'agent_session_stopped') return stopped(host, team, event);
      return messages.take(team, event);
    }

    const sockets = connect(deliver);
    await sockets?.start().catch((error: unknown) => {
      throw unusable(error);
    });
    await lookBack({ api, host, store, messages }).catch((error: unknown) =>
      log.warn({ error }, 'what was said while Commander was away could not be looked up'),
    );
    await forgetPostings(store);
    await heard();
    running = { posts, sockets, deliver, heartbeat: setInterval(() => void heard(), heardMs) };
    log.info({ workspace: me.team }, 'Slack is connected');
  }

  function connect(deliver: Running['deliver']): Sockets | undefined {
    const { appToken, botToken, apiUrl } = settings;
    if (appToken === undefined) return undefined;
    return createSockets({ token: botToken, appToken, apiUrl, log, handle: deliver });
  }

  async function identify(): Promise<Identity> {
    try {
      return await api.call<Identity>('auth.test', {});
    } catch (error) {
      throw unusable(error);
    }
  }

  async function heard(): Promise<void> {
    await store
      .set(heardUntilKey, Date.now() / 1000)
      .catch((error: unknown) => log.warn({ error }, 'the database is away; what is missed is looked up later'));
  }

  async function showHome(host: ChatHost, team: string, user: string): Promise<void> {
    const cards = await host.home(await people.find(team, user));
    const linkTo = linkWith(host.address);
    const blocks = cards.flatMap((card) => drawCard(card, { linkTo, plan: 'lines' })).slice(0, 100);
    await api.call('views.publish', { user_id: user, view: { type: 'home', blocks } });
  }

  /** Slack's own stop button beside a working agent: the same as the reaction that stops. */
  async function stopped(host: ChatHost, team: string, event: Extract<SlackEvent, { type: 'agent_session_stopped' }>) {
    const channel = event.channel ?? event.channel_id;
    const user = event.user ?? event.user_id;
    if (channel === undefined || event.thread_ts === undefined || user === undefined) return;
    const thread = await threads.original({ team, channel, ts: event.thread_ts });
    await host.react({ thread, post: event.thread_ts, sender: await people.find(team, user), meaning: 'stop' });
  }

  /** Where the app is no agent, Slack refuses this once and is not asked again. */
  async function showStatus(thread: ThreadAddress, { title, state }: ThreadStatus): Promise<void> {
    if (!hasSessions) return;
    const { channel, ts } = await posts().open(thread);
    const status = sessionStatuses[state];
    try {
      await api.call('agents.sessions.setStatus', {
        channel_id: channel,
        thread_ts: ts,
        status,
        title: title.slice(0, 200) || 'Task',
      });
    } catch (error) {
      if (slackError(error) === undefined) throw error;
      hasSessions = false;
      log.info({ reason: slackError(error) }, 'the app is not declared an agent: tasks are shown by their cards alone');
    }
  }

  function posts(): Posts {
    if (running === undefined) throw new Error('Slack is not connected yet.');
    return running.posts;
  }

  const requests =
    settings.signingSecret === undefined
      ? undefined
      : createRequests(settings.signingSecret, async (delivery) => {
          if (running === undefined) throw new Error('Slack is not connected yet.');
          await running.deliver(delivery);
        });

  return {
    platform: 'slack',
    ...(requests === undefined ? {} : { handle: requests }),
    start,
    async stop() {
      clearInterval(running?.heartbeat);
      api.close();
      await running?.sockets?.stop();
      await heard();
      running = undefined;
    },
    create: async (thread, card, key, urgency) => posts().create(thread, card, key, urgency),
    edit: async (thread, post, card, _revision, urgency) => posts().edit(thread, post, card, urgency),
    showStatus,
    linkTo(thread) {
      const { channel, ts } = placeOf(thread);
      return /^\d+\.\d+$/.test(ts) ? `${workspace}archives/${channel}/p${ts.replace('.', '')}` : undefined;
    },
    download: (file) => fetchFile(api, file, ownOrigin),
  };
}

function unusable(error: unknown): unknown {
  const words: Readonly<Record<string, string>> = {
    invalid_auth:
      'Slack does not know the token: copy SLACK_BOT_TOKEN (xoxb-…) from OAuth & Permissions and SLACK_APP_TOKEN (xapp-…) from Basic Information again.',
    not_authed: 'SLACK_BOT_TOKEN is missing.',
    account_inactive: 'The app was removed from the workspace: install it again and copy the new SLACK_BOT_TOKEN.',
    token_revoked: 'The token was revoked: install the app again and copy the new SLACK_BOT_TOKEN.',
    missing_scope: 'SLACK_APP_TOKEN lacks the scope connections:write: make a new app-level token with it.',
  };
  const found = words[slackError(error) ?? ''];
  return found === undefined ? error : new SlackUnusable(found, { cause: error });
}
