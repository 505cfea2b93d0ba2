import {
  type APIApplication,
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  InteractionType,
  Routes,
} from 'discord.js';
import type { ChatAdapter, ChatHost } from '#core/chat/adapter.ts';
import type { DiscordSettings, PlatformParts } from '#core/chat/platform.ts';
import { createApi } from './api.ts';
import { lookBack } from './catch-up.ts';
import { declareCommands } from './commands.ts';
import { createDetours } from './detours.ts';
import { fetchFile } from './files.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createInteractions } from './interactions.ts';
import { createMessages } from './messages.ts';
import { createPlaces } from './places.ts';
import { createPosts, type Posts } from './posts.ts';
import { invitedBits } from './rights.ts';
import { createRightsWatch } from './rights-watch.ts';
import { createFileSizes } from './sizes.ts';

interface Running {
  readonly gateway: Gateway;
  readonly posts: Posts;
}

/** Discord: slash commands, mentions and direct messages; a thread for each task. */
export function createDiscordAdapter({ settings, store, log }: PlatformParts<DiscordSettings>): ChatAdapter {
  let applicationId = '';
  const api = createApi(settings.token, settings.apiUrl);
  const detours = createDetours(api, store);
  const self = () => applicationId;
  const places = createPlaces({ api, store, detours, self });
  const cdn = settings.apiUrl === undefined ? undefined : new URL(settings.apiUrl).origin;
  const sizes = createFileSizes(api, log);
  const rights = createRightsWatch({ api, log, self });
  let running: Running | undefined;

  async function start(host: ChatHost): Promise<void> {
    const application = (await api.rest.get(Routes.currentApplication())) as APIApplication;
    applicationId = application.id;
    const messages = createMessages({ api, host, places, self });
    const interactions = createInteractions({ api, applicationId: self, host, places, sizes, log });
    const parts = { token: settings.token, rest: api.rest, store, log };
    const gateway = createGateway({
      ...parts,
      messageContent: settings.messageContent === true,
      handle,
      repeatable: isRepeatable,
      onNewSession: () =>
        void lookBack({ api, host, store, places, messages }).catch((error: unknown) =>
          log.warn({ error }, 'what was said while Commander was away could not be looked up'),
        ),
    });

    async function handle(event: GatewayDispatchPayload): Promise<void> {
      switch (event.t) {
        case GatewayDispatchEvents.MessageCreate:
          return messages.take(event.d);
        case GatewayDispatchEvents.MessageUpdate:
          return messages.change(event.d);
        case GatewayDispatchEvents.MessageDelete:
          return messages.drop(event.d.id);
        case GatewayDispatchEvents.MessageReactionAdd:
          return messages.react(event.d);
        case GatewayDispatchEvents.InteractionCreate:
          return interactions.handle(event.d);
        default:
          return undefined;
      }
    }

    await declareCommands(
      api,
      store,
      { applicationId, ...(settings.guildId === undefined ? {} : { guildId: settings.guildId }) },
      host.commands(),
    );
    running = {
      gateway,
      posts: createPosts({ api, places, detours, store, rights, sizes, guildOf: places.guildOf, host, log, self }),
    };
    await gateway.connect();
    const invite = `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${invitedBits}`;
    log.info({ application: application.name, invite }, 'Discord is connected');
    await rights.look(settings.guildId);
  }

  function posts(): Posts {
    if (running === undefined) throw new Error('Discord is not connected yet.');
    return running.posts;
  }

  return {
    platform: 'discord',
    start,
    async stop() {
      await running?.gateway.leave();
      running = undefined;
    },
    create: async (thread, card, key) => posts().create(thread, card, key),
    edit: async (thread, post, card, _revision, urgency) => posts().edit(thread, post, card, urgency),
    linkTo: (thread) =>
      settings.guildId === undefined
        ? undefined
        : `https://discord.com/channels/${settings.guildId}/${places.threadId(thread)}`,
    concerns: rights.concerns,
    download: (file) => fetchFile(api, file, cdn),
  };
}

/** All but presses and forms are known again by their ids. */
function isRepeatable(event: GatewayDispatchPayload): boolean {
  if (event.t !== GatewayDispatchEvents.InteractionCreate) return true;
  return event.d.type !== InteractionType.MessageComponent && event.d.type !== InteractionType.ModalSubmit;
}
