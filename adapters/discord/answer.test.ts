import { describe, expect, it } from 'vitest';
import type { InteractionReply } from '#core/chat/adapter.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';
import { manualClock } from '#tests/slack-server/clock.ts';

const callback = 'POST /interactions/{interaction_id}/{interaction_token}/callback';
const action = 'approve:0190a000-0000-7000-8000-00000000000b';
const form: InteractionReply = {
  kind: 'modal',
  modal: { id: action, title: 'Why', intro: [], submit: 'Send', fields: [{ kind: 'text', name: 'why', label: 'Why' }] },
};

/** On a clock that stands still: Discord's 3 s do not run out on a busy machine. */
async function begin() {
  const clock = manualClock(Date.now());
  return { clock, discord: await startAdapter({ clock, limits: 'none' }) };
}

/** A card with a button; how Ben presses it, and all that he alone is told. */
async function withButton(discord: AdapterOnDiscord) {
  const { driver } = discord.server;
  const thread = await discord.asked();
  const blocks = [{ kind: 'buttons', buttons: [{ label: 'Approve', action }] }] as const;
  const post = await discord.adapter.create(thread, cardOf('Ask', { blocks }), keyOf(1), 'now');
  const message = driver.message(post);
  if (message === undefined) throw new Error('no card');
  return {
    thread,
    press: () => driver.click(message, action, { user: driver.ben }),
    told: () => driver.ephemerals(driver.ben).map((each) => driver.text(each)),
  };
}

describe.concurrent('an interaction is answered in time', () => {
  it.concurrent('when Discord says nothing of its channel: what comes along is enough, also after a restart', async () => {
    const { discord } = await begin();
    const { driver, faults } = discord.server;
    const { press, thread } = await withButton(discord);
    await discord.restart();
    const asked = faults.http.inject('GET /channels/{channel_id}', { kind: 'error', when: 'before' }, { times: 9 });
    discord.host.reply = form;
    const { modal } = await press();
    if (modal === undefined) throw new Error('no form');
    discord.host.reply = { kind: 'done' };
    expect((await driver.submitModal(modal, { why: 'so' })).acknowledged).toBe(true);
    expect(discord.host.presses).toMatchObject([{ action, thread }]);
    expect(discord.host.submissions).toMatchObject([{ thread }]);
    expect(asked.hits).toBe(0);
    await discord.stop();
  });

  it.concurrent('when Discord is slow to say who somebody is: with a promise, and a menu with nothing in it', async ({
    expect,
  }) => {
    const { discord, clock } = await begin();
    const { driver, faults } = discord.server;
    const member = 'GET /guilds/{guild_id}/members/{user_id}';
    faults.http.inject(member, { kind: 'slow', milliseconds: 4000 }, { times: 2 });
    const [typed, menu] = await Promise.all([
      driver.slash('task', { request: 'go' }, { user: driver.ben, channel: driver.direct(driver.ben) }),
      driver.autocomplete('task', { request: 'g' }, { user: driver.anna, channel: driver.direct(driver.anna) }),
    ]);
    expect(typed.interaction.shown?.kind).toBe('deferred');
    expect(menu).toEqual({ acknowledged: true, choices: [] });
    const answered = () => {
      clock.advance(4000);
      return typed.message && driver.text(typed.message);
    };
    await expect.poll(answered, { timeout: 20_000 }).toBe('Heard.');
    expect(await discord.host.until(1)).toMatchObject([{ text: 'go', sender: { externalId: driver.ben } }]);
    await discord.stop();
  });
});

describe.concurrent('an answer that was promised comes', () => {
  const endings: readonly (readonly [string, () => Promise<InteractionReply>, RegExp])[] = [
    ['when the work fails', () => Promise.reject(new Error('the database is away')), /^Commander could not do this/],
    ['when it is long', async () => ({ kind: 'notice', tone: 'warning', text: 'w'.repeat(2100) }), /^w{1999}…$/],
    ['when it is a form, in words', async () => form, /^There is something to fill in/],
  ];

  it.concurrent.each(endings)('%s', async (_, end, expected) => {
    const { discord } = await begin();
    const { press, told } = await withButton(discord);
    const answer = Promise.withResolvers<void>();
    discord.host.press = () => answer.promise.then(end);
    expect((await press()).interaction.shown?.kind).toBe('deferred');
    answer.resolve();
    await discord.server.driver.waitFor('the answer', () => told().some((words) => expected.test(words)));
    expect(told()).toHaveLength(1);
    await discord.stop();
  });

  it.concurrent('when an earlier process promised it', async () => {
    const { discord } = await begin();
    const { driver, api } = discord.server;
    const { press, told } = await withButton(discord);
    discord.host.press = async () => {
      const { id, token } = driver.interactions().at(-1) ?? {};
      const promise = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"type":5,"data":{"flags":64}}',
      };
      await fetch(`${api}/v10/interactions/${id}/${token}/callback`, promise);
      return { kind: 'notice', tone: 'success', text: 'Heard.' };
    };
    await press();
    await driver.waitFor('the answer', () => told().includes('Heard.'));
    expect(told()).toEqual(['Heard.']);
    await discord.stop();
  });
});

it('an answer that Discord refuses is said to be missing, and told as a warning', async () => {
  const { discord } = await begin();
  const { press, told } = await withButton(discord);
  discord.host.reply = form;
  const refusal = { kind: 'refuse', status: 400, code: 50_035, message: 'Invalid Form Body' } as const;
  discord.server.faults.http.inject(callback, refusal);
  expect((await press()).acknowledged).toBe(true);
  expect(told()).toEqual([expect.stringContaining('did not show')]);
  expect(discord.warnings).toEqual([expect.stringContaining('50035')]);
  await discord.stop();
});
