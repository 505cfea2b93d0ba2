import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandTable } from '#bot/commands/table.ts';
import { plainOf } from '#core/chat/inline.ts';
import { wordsOf } from '#core/show/testing.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
});

afterAll(async () => {
  await commander?.stop();
});

it('a call for help with a task that failed stands in its thread and in the inbox until it is taken up again', async () => {
  const folder = await makeRepository(`${commander.folder}/broken`, {
    'commander.yaml':
      "runbooks:\n  broken:\n    summary: Fails\n    steps:\n      - { name: Break, run: 'exit 3' }\n  retry:\n    summary: Named as a command is\n    steps:\n      - { name: Do, run: 'true' }\n",
  });
  await commander.card(await commander.say(`@commander add project ${folder}`), (card) => card.key.includes('notice'));
  const thread = await commander.say('@commander broken in broken');
  await commander.card(thread, ({ key, title }) => key.startsWith('report') && plainOf(title).includes('Failed'));
  expect(await commander.press(thread, 'Ask for help…')).toMatchObject({ modal: { submit: 'Ask for help' } });
  await commander.restartBot();
  expect(await commander.submit(thread, 'Ask for help…', { note: 'it worked on Monday' })).toEqual({ kind: 'done' });
  const call = await commander.card(thread, ({ key }) => key.startsWith('escalation'));
  expect(wordsOf(call)).toContain('it worked on Monday');
  const status = await commander.card(await commander.say('@commander status'), ({ key }) => key.includes('notice'));
  expect(wordsOf(status)).toContain('0 tasks under way. 1 thing waits for a person: “inbox” shows what.');
  const inbox = await commander.card(await commander.say('@commander inbox'), ({ key }) => key.includes('inbox'));
  expect(wordsOf(inbox)).toContain('Help is asked for in broken: it worked on Monday');
  await commander.press(thread, 'Retry');
  await commander.card(thread, ({ title }) => plainOf(title).includes('Help was asked for'));
  const after = await commander.card(await commander.say('@commander inbox'), ({ key }) => key.includes('inbox'));
  expect(wordsOf(after)).not.toContain('Monday');
});

it('words are taken for what they can be: a runbook that is called like a command, a bare mention, two requests in one', async () => {
  const asked = async (text: string) =>
    wordsOf(
      await commander.card(await commander.say(text), ({ key }) => /notice|unknown|help|understanding/.test(key)),
    );
  expect(await asked('@commander retry in broken')).toContain('Named as a command is');
  expect(await asked('@commander retry that')).toContain('That is said as: retry [#number]');
  const help = await asked('@commander');
  for (const { usage } of commandTable) expect(help).toContain(usage);
  expect(await asked(`@commander ${'\n- run the tests'.repeat(21)}`)).toContain('21 requests');
  const both = await asked('@commander run the tests and then release 1.2.0');
  expect(both).toContain('That is more than one request');
  expect(both).toContain('release 1.2.0 in strawberry-api');
});
