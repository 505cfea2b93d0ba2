import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '#tests/database.ts';
import { startCommander } from '#tests/whole/commander.ts';
import type { ScenarioPlatform, Who } from './platform.ts';

/** In the web chat everybody is an admin until told otherwise: the member is told here. */
export async function webPlatform(): Promise<ScenarioPlatform> {
  const commander = await startCommander({ database: await testDatabase() });
  const names: Readonly<Record<Who, string>> = { admin: 'ana', member: 'bo' };
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
    ask: (text, who) => commander.say(`@commander ${text}`, { as: names[who] }),
    posts: shown,
    async until(thread, words) {
      await commander.threadThat(thread, (messages) =>
        messages.some(({ card }) => card !== undefined && JSON.stringify(card).includes(words)),
      );
    },
    async press(thread, label, who) {
      const reply = await commander.press(thread, label, names[who]);
      if (reply.kind !== 'done') throw new Error(`“${label}” was answered with ${JSON.stringify(reply)}`);
    },
    async refusal(thread, label, who) {
      const reply = await commander.press(thread, label, names[who]);
      return reply.kind === 'notice' ? reply.text : '';
    },
    stop: () => commander.stop(),
  };
}
