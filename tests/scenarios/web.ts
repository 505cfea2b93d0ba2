import type { Application } from '#bot/application.ts';
import { amend } from '#bot/interactions/amend.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '#tests/database.ts';
import { startCommander } from '#tests/whole/commander.ts';
import type { ScenarioOptions, ScenarioPlatform, Who } from './platform.ts';

/** In the web chat everybody is an admin until told otherwise: the member is told here. */
export async function webPlatform({ agents = [] }: ScenarioOptions = {}): Promise<ScenarioPlatform> {
  const commander = await startCommander({ database: await testDatabase(), agents });
  const names: Readonly<Record<Who, string>> = { admin: 'ana', member: 'bo', carl: 'carl', dora: 'dora' };
  const known = await commander.say('@commander help', { as: names.member });
  // A person becomes a member when what he said is handled.
  await commander.threadThat(known, (messages) => messages.some(({ card }) => card !== undefined));
  await commander.db.kysely
    .updateTable('members')
    .set({ role: 'requester' })
    .where('name', '=', names.member)
    .execute();
  const shown = async (thread: string) =>
    (await commander.thread(thread)).flatMap(({ card }) =>
      card === undefined ? [] : [`${plainOf(card.title)} ${JSON.stringify(card.blocks)}`],
    );
  return {
    commander,
    async setManaging(isManaging) {
      const role = isManaging ? 'admin' : 'requester';
      if (isManaging) await commander.say('@commander help', { as: names.dora });
      const said = await commander.say(`@commander set role ${role} for dora`, { as: names.admin });
      await commander.threadThat(said, (messages) =>
        messages.some(({ card }) => JSON.stringify(card ?? '').includes(`dora is ${role} now`)),
      );
    },
    ask: (text, who) => commander.say(`@commander ${text}`, { as: names[who] }),
    linkOf: (thread) => `"href":"/c/general/${thread}"`,
    askBeside: (_, text, who) => commander.say(`@commander ${text}`, { as: names[who] }),
    async say(thread, text, who, file) {
      const fileIds = file === undefined ? [] : [await commander.upload(file.name, file.content)];
      await commander.reply(thread, text, names[who], fileIds);
      const said = (await commander.thread(thread)).findLast((message) => message.text === text);
      if (said === undefined || said.author === 'commander') throw new Error('what was said is not in the thread');
      const { id: externalId, author } = said;
      const sender = { externalId: author.id, name: author.name };
      // The page does not let people change what they said yet: what it would tell is told here.
      const change = (changed?: string) =>
        amend({ db: commander.db } as Application, { platform: 'web', externalId, sender, text: changed });
      return { edit: change, remove: () => change() };
    },
    posts: shown,
    async files(thread) {
      const files = (await commander.thread(thread)).flatMap(({ card }) =>
        (card?.blocks ?? []).flatMap((block) => (block.kind === 'files' ? block.files : [])),
      );
      return Promise.all(files.map(async ({ href }) => (await fetch(`${commander.url}${href}`)).text()));
    },
    async until(thread, words) {
      await commander.threadThat(thread, (messages) =>
        messages.some(({ card }) => card !== undefined && JSON.stringify(card).includes(words)),
      );
    },
    async press(thread, label, who) {
      const reply = await commander.press(thread, label, names[who]);
      const good = reply.kind === 'done' || (reply.kind === 'notice' && reply.tone === 'success');
      if (!good) throw new Error(`“${label}” was answered with ${JSON.stringify(reply)}`);
    },
    async fill(thread, label, values, who) {
      const reply = await commander.submit(thread, label, values, names[who]);
      if (reply.kind === 'done') return '';
      if (reply.kind !== 'problems') throw new Error(`“${label}” was answered with ${JSON.stringify(reply)}`);
      return Object.values(reply.problems).join(' ');
    },
    async refusal(thread, label, who) {
      const reply = await commander.press(thread, label, names[who]);
      return reply.kind === 'notice' ? reply.text : '';
    },
    async screen(thread, label) {
      const { id, action } = buttonOf(await commander.thread(thread), label);
      const told: { readonly who: Who; readonly text: string }[] = [];
      return {
        async press(who) {
          const reply = await commander.pressAt(id, action, names[who]);
          if (reply.kind === 'notice') told.push({ who, text: reply.text });
        },
        told: (who) => told.filter((each) => each.who === who).map(({ text }) => text),
      };
    },
    async choose(thread, menu, option, who) {
      const reply = await commander.press(thread, `${menu}: ${option}`, names[who]);
      if (reply.kind !== 'notice' || reply.tone !== 'success')
        throw new Error(`“${option}” was answered with ${JSON.stringify(reply)}`);
    },
    stop: () => commander.stop(),
  };
}

/** The newest card with a button of that label: its message, and what the button says. */
function buttonOf(messages: readonly ChatMessage[], label: string): { readonly id: string; readonly action: string } {
  for (const { id, card } of messages.toReversed()) {
    const buttons = card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])) ?? [];
    const action = buttons.find((button) => button.label === label)?.action;
    if (action !== undefined) return { id, action };
  }
  throw new Error(`no card has a button “${label}”`);
}
