import { createDiscordAdapter } from '#adapters/discord/adapter.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { testDatabase } from '#tests/database.ts';
import type { CallLog } from '#tests/discord-server/calls.ts';
import { everyComponent } from '#tests/discord-server/check/tree.ts';
import { type DiscordServer, type DiscordServerOptions, startDiscordServer } from '#tests/discord-server/server.ts';
import type { Message } from '#tests/discord-server/state/message.ts';
import { startCommander } from '#tests/whole/commander.ts';
import type { ScenarioOptions, ScenarioPlatform, Who } from './platform.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Shown {
  readonly label?: string | null;
  readonly custom_id?: string;
  readonly components?: readonly Shown[];
  readonly options?: readonly { readonly label: string; readonly value: string }[];
}

export interface DiscordPlatform extends ScenarioPlatform {
  readonly server: DiscordServer;
}

export interface DiscordPlatformOptions extends DiscordServerOptions, ScenarioOptions {}

/** The real discord.js against the stand-in; anna owns the server. The bot wants the privileged intent where `settings` has it switched on. */
export async function discordPlatform({
  agents = [],
  ...options
}: DiscordPlatformOptions = {}): Promise<DiscordPlatform> {
  const server = await startDiscordServer(options);
  const { driver } = server;
  const messageContent = server.settings.privilegedIntents.includes('messageContent');
  const settings = { token: server.token, apiUrl: server.api, guildId: server.world.guild.id, messageContent };
  const commander = await startCommander({
    database: await testDatabase(),
    agents,
    platforms: [(db) => createDiscordAdapter({ settings, store: createAdapterStore(db, 'discord'), log: silent })],
  });
  await driver.waitFor('the session', () => server.logins.length > 0);
  const people: Readonly<Record<Who, string>> = {
    admin: driver.anna,
    member: driver.ben,
    carl: driver.addPerson('carl'),
    dora: driver.addPerson('dora'),
  };
  const channel = driver.channel('general');

  /** A press that comes before the session is there is one that nobody answers within 3 s. */
  async function restartBot(): Promise<void> {
    const before = server.logins.length;
    await commander.restartBot();
    await driver.waitFor('the session', () => server.logins.length > before, 30_000);
  }

  const shown = (thread: string) => driver.messages(thread).filter(({ author }) => author.bot);

  /** The newest post that has a button of that label, and the button's id. */
  function withButton(thread: string, label: string): { readonly message: Message; readonly id: string } {
    const message = driver.messages(thread).findLast((each) => customIdOf(each.components, label) !== undefined);
    const id = message === undefined ? undefined : customIdOf(message.components, label);
    if (message === undefined || id === undefined) throw new Error(`no post has a button “${label}”`);
    return { message, id };
  }

  async function click(thread: string, label: string, who: Who): Promise<string> {
    const { message, id } = withButton(thread, label);
    const by = { user: people[who] };
    const first = await driver.click(message, id, by);
    const sure = first.message === undefined ? undefined : customIdOf(first.message.components, 'Yes, do it');
    const last =
      sure === undefined || first.message === undefined ? first : await driver.click(first.message, sure, by);
    if (!last.acknowledged) throw new Error(`the press of “${label}” was not answered`);
    return last.message === undefined ? '' : driver.text(last.message);
  }

  return {
    server,
    commander: {
      ...commander,
      get url() {
        return commander.url;
      },
      restartBot,
    },
    setManaging: async (isManaging) =>
      isManaging ? driver.allow(people.dora, ['manageGuild']) : driver.dismiss(people.dora),
    async ask(text, who) {
      // Words alone do not say who administers the server.
      if (who === 'admin' || who === 'dora') await driver.slash('inbox', {}, { user: people[who], channel });
      return driver.mention(channel, people[who], text).id;
    },
    askBeside: async (_, text, who) => driver.mention(channel, people[who], text).id,
    async askAbout(said, text, who) {
      const replyTo = driver.say(channel, people[who === 'admin' ? 'member' : 'admin'], said);
      return driver.mention(channel, people[who], text, { replyTo }).id;
    },
    async askDirectly(text, who) {
      const direct = driver.direct(people[who]);
      driver.say(direct, people[who], text);
      return direct;
    },
    linkOf: (thread) => `https://discord.com/channels/${server.world.guild.id}/${thread})`,
    async say(thread, text, who, file) {
      // Words that do not name the bot come empty without the privileged intent.
      const named = messageContent ? '' : `${driver.mentionText} `;
      const said = driver.say(thread, people[who], `${named}${text}`, file && { files: [file] });
      return {
        edit: async (changed) => driver.edit(said, `${named}${changed}`),
        remove: async () => driver.remove(said),
      };
    },
    posts: async (thread) => shown(thread).map(textOf),
    files: async (thread) => shown(thread).flatMap(({ attachments }) => attachments.map(({ bytes }) => String(bytes))),
    failUploads: () =>
      server.faults.http.inject(
        'POST /channels/{channel_id}/messages',
        { kind: 'error', when: 'before' },
        // The words of a card that are too many for its message are no file that waits.
        { times: 1000, matching: ({ files }) => files.some(({ name }) => name !== 'everything.txt') },
      ).remove,
    async until(thread, words) {
      const look = () => shown(thread).some((message) => textOf(message).includes(words));
      await driver.waitFor(`“${words}”`, look, 60_000);
    },
    async press(thread, label, who) {
      await click(thread, label, who);
    },
    refusal: click,
    async screen(thread, label) {
      const { message, id } = withButton(thread, label);
      const shown = { ...message };
      const told: { readonly who: Who; readonly text: string }[] = [];
      return {
        async press(who) {
          const answered = await driver.click(shown, id, { user: people[who] });
          if (!answered.acknowledged) throw new Error(`the press of “${label}” was not answered`);
          if (answered.message !== undefined) told.push({ who, text: driver.text(answered.message) });
        },
        told: (who) => told.filter((each) => each.who === who).map(({ text }) => text),
        remove: () => driver.remove(message),
      };
    },
    async fill(thread, label, values, who) {
      const { message, id } = withButton(thread, label);
      const { modal } = await driver.click(message, id, { user: people[who] });
      if (modal === undefined) throw new Error(`“${label}” opened no form`);
      const isChosen = (name: string) =>
        [...everyComponent(modal.components)].some(
          ({ custom_id, options }) => custom_id === name && options !== undefined,
        );
      const given = Object.entries(values).map(([name, value]) => [name, isChosen(name) ? [value] : value]);
      const answered = await driver.submitModal(modal, Object.fromEntries(given));
      const words = answered.message === undefined ? 'nothing' : driver.text(answered.message);
      return words === 'Done.' ? '' : words;
    },
    async choose(thread, menu, option, who) {
      const words = `${menu}: ${option}`;
      for (const message of driver.messages(thread).toReversed()) {
        const found = menuWith(message.components, words);
        if (found === undefined) continue;
        const answered = await driver.select(message, found.menu, [found.value], { user: people[who] });
        if (!answered.acknowledged) throw new Error(`the choice of “${words}” was not answered`);
        return;
      }
      throw new Error(`no post has a menu with “${words}”`);
    },
    react: (thread, label, meaning, who) =>
      driver.react(withButton(thread, label).message, people[who], { approve: '✅', stop: '🛑' }[meaning]),
    async stop() {
      await commander.stop();
      await server.stop();
      if (server.contract.violations.length > 0) throw new Error(JSON.stringify(server.contract.violations));
      if (server.calls.rateLimited().length > 0) throw new Error('Discord refused requests for coming too often');
      const [again] = editsForNothing(server.calls);
      if (again !== undefined) throw new Error(`a message was edited to what it showed: ${again}`);
    },
  };
}

/** Edits that succeeded and repeat the one before. */
function editsForNothing(calls: CallLog): readonly string[] {
  const shown = new Map<string, string>();
  return calls.of('PATCH /channels/{channel_id}/messages/{message_id}').flatMap(({ path, body, status }) => {
    const text = JSON.stringify(body);
    const same = status === 200 && shown.get(path) === text;
    if (status === 200) shown.set(path, text);
    return same ? [`${path} ${text}`] : [];
  });
}

/** All that a message says, its buttons too. */
function textOf({ content, components }: { readonly content: string; readonly components: unknown }): string {
  return `${content} ${JSON.stringify(components)}`;
}

/** The id of the button of that label. */
export function customIdOf(components: unknown, label: string): string | undefined {
  for (const each of (components ?? []) as readonly Shown[]) {
    const found = each.label === label ? each.custom_id : customIdOf(each.components, label);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The menu that has an option of those words, and what the option stands for. */
function menuWith(components: unknown, words: string): { readonly menu: string; readonly value: string } | undefined {
  for (const each of (components ?? []) as readonly Shown[]) {
    const option = each.options?.find(({ label }) => label === words);
    if (option !== undefined) return { menu: each.custom_id ?? '', value: option.value };
    const inside = menuWith(each.components, words);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
