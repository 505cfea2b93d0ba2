import {
  type APIApplication,
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import type { ChatAdapter, ChatHost } from '#core/chat/adapter.ts';
import type { AdapterLog, DiscordSettings, PlatformParts } from '#core/chat/platform.ts';
import { createApi, isCode } from './api.ts';
import { createBuckets } from './buckets.ts';
import { filesOf } from './card.ts';
import { lookBack } from './catch-up.ts';
import { declareCommands } from './commands.ts';
import { createDetours } from './detours.ts';
import { wholeEvent } from './events.ts';
import { fetchFile } from './files.ts';
import { createForms } from './forms.ts';
import { createGateway, DiscordUnusable, explained, type Gateway } from './gateway.ts';
import { createHome } from './home.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { createKinds } from './kinds.ts';
import { linkToThread } from './links.ts';
import { createManagers } from './managers.ts';
import { createMessages, type Messages } from './messages.ts';
import { createOnce } from './once.ts';
import { type Ownership, own } from './ownership.ts';
import { createPace } from './pace.ts';
import { createPlaces } from './places.ts';
import { createPosts, type Posts } from './posts.ts';
import { createReaders } from './readers.ts';
import { inviteLink } from './rights.ts';
import { createRightsWatch } from './rights-watch.ts';
import { createFileSizes } from './sizes.ts';
import { sayUnheard } from './unheard.ts';

interface Running {
  readonly gateway: Gateway;
  readonly posts: Posts;
}

/** Discord: slash commands, mentions and direct messages; a thread for each task. */
export function createDiscordAdapter(parts: PlatformParts<DiscordSettings>): ChatAdapter {
  const { settings, store, log, tell = () => undefined, claim } = parts;
  let applicationId = '';
  const api = createApi({ ...settings, log, buckets: createBuckets(store, log) });
  const self = () => applicationId;
  const once = createOnce(store);
  const detours = createDetours({ api, store, once, self });
  const places = createPlaces({ api, store, detours, once, self });
  const home = createHome(api, settings.guildId);
  const managers = createManagers(api, log);
  const readers = createReaders({ api, places, log });
  const cdn = settings.apiUrl === undefined ? undefined : new URL(settings.apiUrl).origin;
  const sizes = createFileSizes(api, log);
  const pace = createPace(api);
  const forms = createForms(store);
  const rights = createRightsWatch({ api, once, log, self });
  let running: Running | undefined;
  let ownership: Ownership | undefined;

  async function start(host: ChatHost): Promise<void> {
    await end();
    const application = await ourselves();
    applicationId = application.id;
    const invite = inviteLink(applicationId);
    const lead = () => connect(host, invite);
    if (claim === undefined) await lead();
    else ownership = await own({ claim, what: applicationId, log, tell, lead, step: disconnect });
    const added =
      settings.guildId === undefined ? 'To add it to another server' : 'The invitation, for more permissions';
    tell(`Discord: connected as ${application.name}. ${added}: ${invite}`);
    // The first menu would wait for the projects to be read: 0.7 s beside 1 ms for the next (measured).
    void host
      .complete('request', '', { externalId: applicationId, name: application.name })
      .catch((error: unknown) => log.warn({ error }, 'what completes a request could not be read beforehand'));
    await rights.look(settings.guildId);
  }

  async function ourselves(): Promise<APIApplication> {
    try {
      return (await api.rest.get(Routes.currentApplication())) as APIApplication;
    } catch (error) {
      throw explained(error);
    }
  }

  async function connect(host: ChatHost, invite: string): Promise<void> {
    const { guildId } = settings;
    const scope = { applicationId, ...(guildId === undefined ? {} : { guildId }) };
    await declareCommands(api, store, scope, host.commands()).catch((error: unknown) => {
      throw isCode(error, RESTJSONErrorCodes.MissingAccess) || isCode(error, RESTJSONErrorCodes.UnknownGuild)
        ? new DiscordUnusable(`the bot is not in the server DISCORD_GUILD yet. Open this and choose it: ${invite}`)
        : error;
    });
    /** Of a channel, or of roles: then wherever something is known to have been refused. */
    const rightsChanged = async (channel?: string) => {
      api.forgive();
      readers.forget();
      managers.forget();
      const channels = new Set([...rights.lifted(channel), ...(channel === undefined ? [] : [channel])]);
      for (const each of channels) await host.readmitted(each);
    };
    /** A thread that was opened again takes its cards again. */
    const threadOpened = async (id: string) => {
      if (!(await detours.any())) return;
      const { kind, address } = await places.addressOf(id, id);
      if (kind === 'thread') await detours.unlocked(address);
    };
    const hear = sayUnheard({ api, host, places, once, log, self });
    const unheard = settings.messageContent === true ? {} : { unheard: hear };
    const messages = createMessages({
      api,
      host,
      places,
      readers,
      home,
      managers,
      self,
      listeningSince: () => gateway.listeningSince(),
      ...unheard,
    });
    const interactions = createInteractions({
      api,
      applicationId: self,
      host,
      places,
      readers,
      home,
      sizes,
      forms,
      log,
    });
    const gateway = createGateway({
      token: settings.token,
      rest: api.rest,
      store,
      log,
      tell,
      messageContent: settings.messageContent === true,
      handle: (event) => handle(event, { messages, interactions, rightsChanged, threadOpened, self, log }),
      onNewSession: (heardUntil) => lookBack({ api, host, store, once, places, messages, log, self }, heardUntil),
    });
    running = {
      gateway,
      posts: createPosts({
        api,
        places,
        detours,
        store,
        rights,
        pace,
        sizes,
        kinds: createKinds(api),
        guildOf: async (channel) => (await places.channel(channel)).guild,
        host,
        log,
        self,
      }),
    };
    try {
      await gateway.connect();
    } catch (error) {
      await disconnect();
      throw error;
    }
  }

  async function disconnect(): Promise<void> {
    const leaving = running;
    running = undefined;
    await leaving?.gateway.leave();
  }

  async function end(): Promise<void> {
    await disconnect();
    await ownership?.release();
    ownership = undefined;
  }

  function posts(): Posts {
    if (running === undefined) throw new Error('Discord is not connected yet.');
    return running.posts;
  }

  return {
    platform: 'discord',
    start,
    async stop() {
      await end();
      api.acks.close();
    },
    create: async (thread, card, key) => posts().create(thread, card, key),
    edit: async (thread, post, card, _revision, urgency) => posts().edit(thread, post, card, urgency),
    sharing: {
      parts: (card) => filesOf(card).map(({ outputId }) => outputId),
      share: async (thread, card, part, key) => posts().share(thread, card, part, key),
    },
    linkTo: (thread) => linkToThread({ places, detours, log }, thread),
    concerns: () => [...rights.concerns(), ...api.concerns()],
    download: (file) => fetchFile(api, file, cdn),
  };
}

interface Handlers {
  readonly messages: Messages;
  readonly interactions: Interactions;
  readonly rightsChanged: (channel?: string) => Promise<void>;
  readonly threadOpened: (id: string) => Promise<void>;
  readonly self: () => string;
  readonly log: AdapterLog;
}

/** What Discord adds, or sends broken, does no harm: it is left alone. */
async function handle(sent: GatewayDispatchPayload, handlers: Handlers): Promise<unknown> {
  const { messages, interactions, rightsChanged, threadOpened, self, log } = handlers;
  const event = wholeEvent(sent);
  if (event === undefined)
    return log.warn({ event: sent.t }, 'an event of Discord has not what it should have; it is left');
  switch (event.t) {
    case GatewayDispatchEvents.MessageCreate:
      return messages.take(event.d);
    case GatewayDispatchEvents.MessageUpdate:
      return messages.change(event.d);
    case GatewayDispatchEvents.MessageDelete:
      return messages.drop(event.d.id);
    case GatewayDispatchEvents.MessageDeleteBulk:
      return Promise.all(event.d.ids.map(messages.drop));
    case GatewayDispatchEvents.MessageReactionAdd:
      return messages.react(event.d);
    case GatewayDispatchEvents.InteractionCreate:
      return interactions.handle(event.d);
    case GatewayDispatchEvents.ChannelUpdate:
      return rightsChanged(event.d.id);
    case GatewayDispatchEvents.ThreadUpdate:
      return event.d.thread_metadata?.locked === false ? threadOpened(event.d.id) : undefined;
    case GatewayDispatchEvents.GuildRoleUpdate:
      return rightsChanged();
    case GatewayDispatchEvents.GuildMemberUpdate:
      return event.d.user.id === self() ? rightsChanged() : undefined;
    default:
      return undefined;
  }
}
