import type { ChatAdapter, ChatHost } from '#core/chat/adapter.ts';
import type { InstallableParts, SlackSettings } from '#core/chat/platform.ts';
import { createCommandThreads, globalId, placeOf } from './addresses.ts';
import { createAnswers } from './answers.ts';
import { arrivalOf } from './arrivals.ts';
import { lookBack } from './catch-up.ts';
import { checkAppToken, type Identity, identify, SlackUnusable, unusable } from './connect.ts';
import { createDoubts } from './doubts.ts';
import { fetchFile } from './downloads.ts';
import { callbackShape, eventShape, type SlackEvent, teamOf } from './envelopes.ts';
import { isFinal } from './failures.ts';
import { createHearing, type Hearing } from './hearing.ts';
import { createHomes } from './home.ts';
import { createRequests } from './http.ts';
import { createInstallPages, installPath } from './install-pages.ts';
import { createInteractions } from './interactions.ts';
import { createKeptForms } from './kept-forms.ts';
import type { Delivery } from './line.ts';
import { type Circumstances, createMessages } from './messages.ts';
import { createExchange } from './oauth.ts';
import { defaultPatience, type Patience } from './patience.ts';
import { createPeople } from './people.ts';
import { createPosts, forgetPostings, type Posts } from './posts.ts';
import { createReaders } from './readers.ts';
import { createRefusals } from './refusals.ts';
import { scopeAdvice } from './scopes.ts';
import { createSessions } from './sessions.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { partsOf } from './uploads.ts';
import { manyWorkspaces, oneWorkspace, type WorkspaceParts } from './workspaces.ts';

interface Running {
  readonly posts: Posts;
  readonly sockets: Sockets | undefined;
  readonly deliver: (delivery: Delivery) => Promise<void>;
  readonly hearing: Hearing;
}

/** Slack: mentions, direct messages, commands, shortcuts; a thread for each task. */
export function createSlackAdapter(
  parts: InstallableParts<SlackSettings>,
  patience: Patience = defaultPatience,
): ChatAdapter {
  const { settings, store, log } = parts;
  const { apiUrl, botToken, signingSecret } = settings;
  let operator: ChatHost | undefined;
  let own: Identity | undefined;
  const { callMs, renewAgainMs } = patience;
  const about: WorkspaceParts = { apiUrl, callMs, renewAgainMs, log, tell: (sentence) => operator?.tell(sentence) };
  const { workspaces, pages } =
    botToken === undefined
      ? installed(parts, about)
      : { workspaces: oneWorkspace(botToken, () => own, about), pages: undefined };
  const { apiOf } = workspaces;
  const threads = createCommandThreads(store);
  const people = createPeople(apiOf);
  const readers = createReaders(apiOf, log);
  const ownOrigin = apiUrl === undefined ? undefined : new URL(apiUrl).origin;
  const refusals = createRefusals({ apiOf, log, patience });
  const doubts = createDoubts(store, patience.graces);
  const homes = createHomes({ apiOf, people, doubts });
  const answers = createAnswers({ apiOf, threads, log, ownOrigin, callMs });
  const sessions = createSessions({
    apiOf,
    people,
    threads,
    answers,
    log,
    doubts,
    open: async (thread) => posts().open(thread),
  });
  let running: Running | undefined;
  /** What is done about an event that was kept. */
  let meaning: ((body: unknown) => Promise<void>) | undefined;

  async function start(host: ChatHost): Promise<void> {
    operator = host;
    const begun = Date.now();
    await workspaces.start();
    if (botToken !== undefined) own = await recognise();
    const parts = { apiOf, host, people, readers, threads, answers, refusals };
    const messages = createMessages({
      ...parts,
      self: async (team) => (await workspaces.find(team))?.botUser,
      listeningSince: () => running?.sockets?.since() ?? begun,
      log,
    });
    const interactions = createInteractions({
      ...parts,
      keptForms: createKeptForms(store),
      showHome: (team, user) => homes.show(host, team, user),
      log,
      answerMs: patience.answerMs,
    });

    async function deliver({ body, acknowledge }: Delivery): Promise<void> {
      const me = await unlessMissed(() => workspaces.find(teamOf(body)));
      // What a workspace sends after it removed the bot is nobody's any more.
      if (me === undefined) return acknowledge();
      const callback = callbackShape.safeParse(body);
      if (!callback.success) {
        if (!(await interactions.handle(me.team, body, acknowledge))) await acknowledge();
        return;
      }
      const arrival = arrivalOf({ ...callback.data, team_id: me.team }, me.botUser);
      if (arrival !== undefined) await unlessMissed(() => host.keep(arrival));
      await acknowledge();
    }

    /** What could not be stored comes again a few times only. */
    async function unlessMissed<Result>(work: () => Promise<Result>): Promise<Result> {
      try {
        return await work();
      } catch (error) {
        hearing.missed();
        throw error;
      }
    }

    meaning = async (body) => {
      const { team_id: team, event, late, is_ext_shared_channel: isShared } = callbackShape.parse(body);
      const known = eventShape.safeParse(event);
      if (!known.success) return;
      await take(team, known.data, { late, isShared }).catch((error: unknown) => {
        if (!isFinal(error)) throw error;
        log.warn({ error, team, type: known.data.type }, 'Slack does not let Commander do what it was asked for');
      });
    };

    async function take(team: string, event: SlackEvent, how: Circumstances): Promise<void> {
      switch (event.type) {
        case 'app_home_opened':
          return event.tab === 'messages' ? undefined : homes.show(host, team, event.user);
        case 'agent_session_stopped':
          return sessions.stopped(host, team, event);
        case 'member_joined_channel':
          return host.readmitted(globalId(team, event.channel));
        case 'app_uninstalled':
        case 'tokens_revoked':
          return workspaces.removed(team);
        default:
          return messages.take(team, event, how);
      }
    }

    if (settings.appToken !== undefined) await checkAppToken(settings.appToken, about);
    const hearing = createHearing({
      store,
      log,
      isOpen: () => sockets?.open().now !== 0,
      lookBack: () => catchUp(host),
      settleMs: patience.settleMs,
    });
    await hearing.prepare();
    const sockets = connect(deliver, hearing.missed);
    await sockets?.start().catch((error: unknown) => {
      throw unusable(error, 'app');
    });
    await doubts.load();
    const made = createPosts({ apiOf, store, host, threads, log, doubts, patience });
    running = { posts: made, sockets, deliver, hearing };
    hearing.begin();
    log.info({}, 'Slack is connected');
    host.tell(workspaces.greeting());
  }

  /** A post that stands is not to be made again because of what did not come after it. */
  async function readmitted(channel: string): Promise<void> {
    await operator
      ?.readmitted(channel)
      .catch((error: unknown) => log.warn({ error, channel }, 'what was refused in a channel is not tried again'));
  }

  /** Who we are with the one token, and what we may not. */
  async function recognise(): Promise<Identity> {
    const me = await identify(apiOf(''));
    const advice = scopeAdvice(me.scopes, `“${me.workspace}”`);
    if (advice !== undefined) {
      log.warn({ workspace: me.workspace }, advice);
      refusals.note(advice);
    }
    return me;
  }

  function connect(deliver: Running['deliver'], back: () => void): Sockets | undefined {
    const { appToken } = settings;
    return appToken === undefined ? undefined : createSockets({ appToken, apiUrl, log, handle: deliver, back });
  }

  async function catchUp(host: ChatHost): Promise<void> {
    if (running === undefined) return;
    const { posts, hearing } = running;
    const teams = await workspaces.teams();
    const self = async (team: string) => (await workspaces.find(team))?.botUser;
    await lookBack({ apiOf, host, store, threads, posts, log, teams, self, goesOn: hearing.goesOn });
    await forgetPostings(store);
  }

  function posts(): Posts {
    if (running === undefined) throw new Error('Slack is not connected yet.');
    return running.posts;
  }

  const requests =
    signingSecret === undefined
      ? undefined
      : createRequests(signingSecret, async (delivery) => {
          if (running === undefined) throw new Error('Slack is not connected yet.');
          await running.deliver(delivery);
        });
  const handlers = [requests, pages].filter((handler) => handler !== undefined);

  return {
    platform: 'slack',
    ...(handlers.length === 0 ? {} : { handle: (request) => firstAnswer(handlers, request) }),
    start,
    understand: async (body) => meaning?.(body),
    async stop() {
      const ending = running;
      workspaces.close();
      await ending?.hearing.stop();
      await ending?.sockets?.stop();
      running = undefined;
    },
    async create(thread, card, key, urgency) {
      const post = await posts().create(thread, card, key, urgency).catch(refusals.met(thread));
      if (refusals.over(thread)) await readmitted(thread.channel);
      return post;
    },
    edit: async (thread, post, card, _revision, urgency) =>
      posts().edit(thread, post, card, urgency).catch(refusals.met(thread)),
    sharing: {
      parts: (card) => partsOf(card, operator?.address),
      share: async (thread, card, part) => posts().share(thread, card, part).catch(refusals.met(thread)),
    },
    showStatus: sessions.show,
    async linkTo(thread) {
      const { team, channel } = placeOf(thread);
      const ts = await threads.opening(thread);
      return ts === undefined ? undefined : `${workspaces.addressOf(team)}archives/${channel}/p${ts.replace('.', '')}`;
    },
    concerns: () => [...concernsOf(running?.sockets), ...refusals.concerns()],
    download: (file) => fetchFile(apiOf, file, ownOrigin, patience.stillMs),
  };
}

function concernsOf(sockets: Sockets | undefined): readonly string[] {
  if (sockets === undefined) return [];
  const { now, of } = sockets.open();
  if (now === of) return [];
  return now === 0
    ? [
        'No connection to Slack stands: nothing that is said there is heard now. It is tried again; what is missed is looked up.',
      ]
    : [`Only ${now} of ${of} connections to Slack stand. The missing one is being opened; nothing is lost.`];
}

/** The workspaces that added the bot, and the pages by which they do. */
function installed({ settings, installations, log }: InstallableParts<SlackSettings>, about: WorkspaceParts) {
  const { installing, address } = settings;
  if (installing === undefined || installations === undefined || address === undefined) {
    throw new SlackUnusable('Slack needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and COMMANDER_URL.');
  }
  const exchange = createExchange(installing, about);
  const workspaces = manyWorkspaces(installations, exchange, { ...about, installPage: `${address}${installPath}` });
  const { tell } = about;
  const pages = createInstallPages({ installing, installations, workspaces, exchange, address, log, tell });
  return { workspaces, pages };
}

type Handler = (request: Request) => Promise<Response | undefined>;

async function firstAnswer(handlers: readonly Handler[], request: Request): Promise<Response | undefined> {
  for (const handler of handlers) {
    const response = await handler(request);
    if (response !== undefined) return response;
  }
  return undefined;
}
