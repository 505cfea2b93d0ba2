import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readArguments } from '#bot/cli/arguments.ts';
import { openClient } from '#bot/cli/chat-client.ts';
import { converse } from '#bot/cli/converse.ts';
import { followElsewhere } from '#bot/cli/follow-elsewhere.ts';
import { logsAsked, printLogs } from '#bot/cli/logs.ts';
import { commandTable } from '#bot/commands/table.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
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

/** Says it as the command line does; with answers it is at a terminal, where they are typed one after the other. */
async function shell(args: readonly string[], answers?: readonly string[]) {
  const lines: string[] = [];
  const typed = [...(answers ?? [])];
  const ask = async (question: string) => {
    lines.push(question);
    return typed.shift();
  };
  const client = await openClient(async () => commander.url, 'ana');
  const print = (line: string) => void lines.push(line);
  const code = await converse(client, readArguments(args), answers === undefined ? { print } : { print, ask });
  return { code, said: lines.join('\n') };
}

it('a shell says what chat says, follows a task to its end, and chooses, presses and fills in what a card offers', async () => {
  const failed = await shell(['broken in broken', '--follow']);
  expect(failed.code).toBe(1);
  // The report may be there before the status card shows the failed step.
  expect(failed.said).toMatch(/· Understood[\s\S]*[▸✗] Break[\s\S]*· Failed: report/);
  const again = await shell(['retry'], ['1']);
  expect(again).toMatchObject({
    code: 0,
    said: expect.stringMatching(/Which task[\s\S]*1 {2}#\d+ [^\n]* is failed[\s\S]*Done: #/),
  });
  expect(await shell(['retry'])).toMatchObject({ code: 1, said: expect.stringContaining('commander --thread') });
  expect(await shell(['no such thing at all'])).toMatchObject({ code: 1 });
  const path = join(commander.folder, 'note é.txt');
  await writeFile(path, 'three berries');
  const ran = await shell(['urgent: run the tests', '--file', path, '--follow', '--json']);
  expect(ran.code).toBe(0);
  const messages = ran.said.split('\n').map((line) => JSON.parse(line) as ChatMessage);
  expect(messages[0]?.files).toMatchObject([{ name: 'note é.txt' }]);
  expect(ran.said).toContain('10 (0 is first, 100 last), as asked for');
  expect(messages.at(-1)?.card?.outcome).toBe('completed');
  const number = messages
    .flatMap(({ card }) => card?.title ?? [])
    .find((piece) => typeof piece === 'object' && piece.kind === 'task');
  expect(number).toBeDefined();
  const { said: status, code } = await shell([`status ${(number as { number: number }).number}`, '--follow']);
  expect([code, status]).toEqual([0, expect.stringContaining('· Completed: report')]);
  await expect(shell(['--press', 'Nonsense', '--thread', messages[0]?.id ?? ''])).rejects.toThrow(
    /There are: “Explain”/,
  );
  const logs: string[] = [];
  const find = async () => commander.url;
  const print = (text: string) => void logs.push(text);
  const page = logsAsked(`logs ${(number as { number: number }).number}`) ?? { number: 0 };
  expect(await printLogs(find, page, { follow: true, print })).toBe(0);
  expect(logs.join('\n')).toMatch(/^== Tests? ==\n[\s\S]*pass/i);
  expect(await followElsewhere(find, page, print)).toBe(0);
  expect(logs.join('\n')).toMatch(/Completed/);
  await expect(printLogs(find, { number: 999 }, { follow: false, print })).rejects.toThrow('There is no task #999');
  const held = await shell(['--press', 'Run again', '--thread', messages[0]?.id ?? '', '--follow']);
  expect([held.code, held.said]).toEqual([
    0,
    expect.stringMatching(/^Done: Run again[\s\S]*round 2[\s\S]*· Completed: report/),
  ]);
});
