import { createSlackAdapter } from '#adapters/slack/adapter.ts';
import { createAdapterStore } from '#db/chat/adapter-store.ts';
import { testDatabase } from '#tests/database.ts';
import { startSlackServer } from '#tests/slack-server/server.ts';
import { startCommander } from '#tests/whole/commander.ts';
import type { ScenarioPlatform, Who } from './platform.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Shown {
  readonly type?: string;
  readonly text?: unknown;
  readonly action_id?: string;
  readonly elements?: readonly Shown[];
}

/** The real Bolt against the stand-in; anna administers the workspace. */
export async function slackPlatform(): Promise<ScenarioPlatform> {
  const slack = await startSlackServer();
  const { driver } = slack;
  const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.url };
  const commander = await startCommander({
    database: await testDatabase(),
    platforms: [(db) => createSlackAdapter({ settings, store: createAdapterStore(db, 'slack'), log: silent })],
  });
  await driver.waitFor('the connections', () => slack.faults.sockets.count() === 2);
  const people: Readonly<Record<Who, string>> = { admin: driver.anna, member: driver.ben };
  const channel = driver.channel('general');
  const thread = (ts: string) => driver.thread({ channel, ts } as never);
  const textOf = ({ text, blocks }: { text?: string; blocks?: unknown }) => `${text} ${JSON.stringify(blocks)}`;

  async function click(ts: string, label: string, who: Who): Promise<void> {
    const message = [...thread(ts)].reverse().find((each) => actionOf(each.blocks, label) !== undefined);
    const action = message === undefined ? undefined : actionOf(message.blocks, label);
    if (message === undefined || action === undefined) throw new Error(`no post has a button “${label}”`);
    const attempt = await driver.click(message, action, { user: people[who] });
    if (!attempt.acknowledged) throw new Error(`the press of “${label}” was not answered`);
  }

  return {
    commander,
    ask: async (text, who) => driver.say(channel, people[who], `${driver.mention} ${text}`).ts,
    // Files that are shared into a thread are messages of their own, without blocks.
    posts: async (ts) =>
      thread(ts)
        .filter(({ blocks }) => blocks !== undefined && blocks.length > 0)
        .map(textOf),
    async until(ts, words) {
      await driver.waitFor(`“${words}”`, () => thread(ts).some((message) => textOf(message).includes(words)), 60_000);
    },
    press: click,
    async refusal(ts, label, who) {
      const before = driver.ephemerals(people[who]).length;
      await click(ts, label, who);
      return (await driver.waitFor('the refusal', () => driver.ephemerals(people[who])[before])).text;
    },
    async stop() {
      await commander.stop();
      await slack.stop();
    },
  };
}

function actionOf(blocks: unknown, label: string): string | undefined {
  const elements = ((blocks ?? []) as readonly Shown[]).flatMap((block) =>
    block.type === 'actions' ? (block.elements ?? []) : [],
  );
  return elements.find(({ text }) => (text as { text?: string } | undefined)?.text === label)?.action_id;
}
