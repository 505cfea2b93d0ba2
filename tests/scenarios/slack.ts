import { createSlackAdapter } from '#adapters/slack/adapter.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { testDatabase } from '#tests/database.ts';
import { type SlackServer, type SlackServerOptions, startSlackServer } from '#tests/slack-server/server.ts';
import type { Message } from '#tests/slack-server/state/message.ts';
import { startCommander } from '#tests/whole/commander.ts';
import type { ScenarioOptions, ScenarioPlatform, Who } from './platform.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Shown {
  readonly type?: string;
  readonly text?: unknown;
  readonly action_id?: string;
  readonly elements?: readonly Shown[];
}

interface ShownMenu {
  readonly action_id?: string;
  readonly options?: readonly { readonly text: { readonly text: string }; readonly value: string }[];
}

export interface SlackPlatform extends ScenarioPlatform {
  readonly server: SlackServer;
  /** The replies of a thread, oldest first. */
  thread(place: string): readonly Message[];
}

export interface SlackPlatformOptions extends SlackServerOptions, ScenarioOptions {
  /** How Slack reaches the bot: by the bot's own connections unless named. */
  readonly over?: 'sockets' | 'http';
}

/** The real Bolt against the stand-in; anna administers the workspace. */
export async function slackPlatform({
  agents = [],
  over = 'sockets',
  ...options
}: SlackPlatformOptions = {}): Promise<SlackPlatform> {
  const slack = await startSlackServer(options);
  const { driver } = slack;
  const reached = over === 'http' ? { signingSecret: slack.signingSecret } : { appToken: slack.appToken };
  const settings = { botToken: slack.botToken, apiUrl: slack.url, ...reached };
  let connected = Promise.withResolvers<void>();
  const commander = await startCommander({
    database: await testDatabase(),
    agents,
    platforms: [
      (db) => {
        const adapter = createSlackAdapter({ settings, store: createAdapterStore(db, 'slack'), log: silent });
        return { ...adapter, start: (host) => adapter.start(host).then(() => connected.resolve()) };
      },
    ],
  });
  await reachable();
  const people: Readonly<Record<Who, string>> = {
    admin: driver.anna,
    member: driver.ben,
    carl: driver.addPerson('carl'),
    dora: driver.addPerson('dora'),
  };
  const textOf = ({ text, blocks }: { text?: string; blocks?: unknown }) => `${text} ${JSON.stringify(blocks)}`;

  /** Resolves when what is said in Slack reaches the bot. */
  async function reachable(): Promise<void> {
    await connected.promise;
    if (over === 'http') slack.deliverTo(`${commander.url}/slack/events`);
    else await driver.waitFor('the connections', () => slack.faults.sockets.count() === 2);
  }

  let channels = 0;

  /** A channel of its own for each, for Slack takes about one message a second in one. */
  function addChannel(): string {
    channels += 1;
    const channel = driver.addChannel(`work-${channels}`);
    driver.invite(channel);
    return channel;
  }

  const ask = (text: string, who: Who, channel = addChannel(), more: { readonly forwards?: Message } = {}) =>
    `${channel}/${driver.say(channel, people[who], `${driver.mention} ${text}`, more).ts}`;

  function thread(place: string) {
    const [channel = '', ts = ''] = place.split('/');
    return driver.thread({ channel, ts });
  }

  /** The newest post that has a button of that label, and the button's action. */
  function withButton(place: string, label: string): { readonly message: Message; readonly action: string } {
    const message = thread(place).findLast((each) => actionOf(each.blocks, label) !== undefined);
    const action = message === undefined ? undefined : actionOf(message.blocks, label);
    if (message === undefined || action === undefined) throw new Error(`no post has a button “${label}”`);
    return { message, action };
  }

  /** The newest post that has a menu of that name, and the menu. */
  function withMenu(place: string, menu: string): { readonly message: Message; readonly select: ShownMenu } {
    for (const message of thread(place).toReversed()) {
      for (const block of (message.blocks ?? []) as readonly { readonly accessory?: ShownMenu }[]) {
        if (block.accessory?.action_id === `menu:${menu}`) return { message, select: block.accessory };
      }
    }
    throw new Error(`no post has a menu “${menu}”`);
  }

  async function click(place: string, label: string, who: Who): Promise<void> {
    const { message, action } = withButton(place, label);
    const attempt = await driver.click(message, action, { user: people[who] });
    if (!attempt.acknowledged) throw new Error(`the press of “${label}” was not answered`);
  }

  /** Connections of the bot that ended may stand for a moment: what is pressed then reaches nobody. */
  async function restartBot(): Promise<void> {
    connected = Promise.withResolvers<void>();
    await commander.restartBot();
    await reachable();
  }

  return {
    server: slack,
    commander: {
      ...commander,
      get url() {
        return commander.url;
      },
      restartBot,
    },
    thread,
    setManaging: async (isManaging) => driver.setKind(people.dora, isManaging ? 'admin' : 'member'),
    ask: async (text, who) => ask(text, who),
    askBeside: async (place, text, who) => ask(text, who, place.split('/')[0]),
    async askAbout(said, text, who) {
      const channel = addChannel();
      const forwards = driver.say(channel, people[who === 'admin' ? 'member' : 'admin'], said);
      return ask(text, who, channel, { forwards });
    },
    async askDirectly(text, who) {
      const channel = driver.direct(people[who]);
      return `${channel}/${driver.say(channel, people[who], text).ts}`;
    },
    linkOf: (place) =>
      `https://${driver.workspace.domain}.slack.com/archives/${place.replace('/', '/p').replace('.', '')}`,
    async say(place, text, who, file) {
      const [channel = '', ts = ''] = place.split('/');
      const files = file === undefined ? [] : [driver.upload(file.name, file.content)];
      const said = driver.say(channel, people[who], text, { thread: ts, files });
      return { edit: async (changed) => driver.edit(said, changed), remove: async () => driver.remove(said) };
    },
    failUploads: () => slack.faults.http.inject('upload', { kind: 'error', when: 'before' }, { times: 1000 }).remove,
    // Files that are shared into a thread are messages of their own, without blocks.
    posts: async (place) =>
      thread(place)
        .filter(({ blocks }) => blocks !== undefined && blocks.length > 0)
        .map(textOf),
    async files() {
      // A long text is a file that Slack shares into the thread: bytes are the bot's alone, so the stand-in's are read.
      return driver.files().map(({ bytes }) => String(bytes ?? ''));
    },
    async until(place, words) {
      await driver.waitFor(
        `“${words}”`,
        () => thread(place).some((message) => textOf(message).includes(words)),
        60_000,
      );
    },
    press: click,
    async screen(place, label) {
      const { message, action } = withButton(place, label);
      const shown = { ...message };
      return {
        async press(who) {
          const attempt = await driver.click(shown, action, { user: people[who] });
          if (!attempt.acknowledged) throw new Error(`the press of “${label}” was not answered`);
        },
        told: (who) =>
          driver
            .ephemerals(people[who])
            .filter(({ threadTs }) => threadTs === shown.threadTs)
            .map(({ text }) => text),
        remove: () => driver.remove(message),
      };
    },
    async choose(place, menu, option, who) {
      const { message, select } = withMenu(place, menu);
      const value = select.options?.find(({ text }) => text.text === option)?.value ?? '';
      const attempt = await driver.select(message, select.action_id ?? '', value, { user: people[who] });
      if (!attempt.acknowledged) throw new Error(`the choice of “${option}” was not answered`);
    },
    async refusal(place, label, who) {
      const before = driver.ephemerals(people[who]).length;
      await click(place, label, who);
      return (await driver.waitFor('the refusal', () => driver.ephemerals(people[who])[before])).text;
    },
    async fill(place, label, values, who) {
      await click(place, label, who);
      const view = await driver.waitFor('the form', () => driver.views(people[who])[0]);
      await driver.submit(view, values);
      if (view.closed) return '';
      await driver.dismiss(view);
      return Object.values(view.errors).join(' ');
    },
    react: (place, label, meaning, who) =>
      driver.react(
        withButton(place, label).message,
        people[who],
        { approve: 'white_check_mark', stop: 'octagonal_sign' }[meaning],
      ),
    async stop() {
      await commander.stop();
      await slack.stop();
    },
  };
}

/** The action of the button of that label. */
export function actionOf(blocks: unknown, label: string): string | undefined {
  const elements = ((blocks ?? []) as readonly Shown[]).flatMap((block) =>
    block.type === 'actions' ? (block.elements ?? []) : [],
  );
  return elements.find(({ text }) => (text as { text?: string } | undefined)?.text === label)?.action_id;
}
