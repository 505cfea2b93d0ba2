import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { wordsOf } from '#core/show/testing.ts';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

let commander: TestCommander;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-review-'));
  const broken = { write: { path: 'a.txt', text: 'broken' } } as const;
  const mended = { write: { path: 'a.txt', text: 'mended' } } as const;
  // After two attempts of its own it knows only what its reviewer says.
  const agent = stubAgent(folder, [[broken], [broken], [broken], [mended]], { resume: true });
  commander = await startCommander({ database: await testDatabase(), agents: [agent] });
});

afterAll(async () => {
  await commander?.stop();
  await rm(folder, { recursive: true, force: true });
});

const title = (words: string) => (card: Card) => plainOf(card.title).includes(words);

describe('who reviews', () => {
  it('is a person whom the project names: asked once, in the thread and in the inbox, also over a restart', async () => {
    const help = await commander.say('@commander help', { as: 'dora' });
    await commander.threadThat(help, (messages) => messages.length > 1);
    const place = join(commander.folder, 'site');
    const file = "reviewer: { person: Dora }\nverify: ['grep -q mended a.txt']\n";
    await makeRepository(place, { 'commander.yaml': file, 'a.txt': 'a\n' });
    await commander.card(await commander.say(`@commander add project ${place}`), title('is a project now'));
    const thread = await commander.say('@commander mend the page in site with stub');
    const understood = await commander.card(thread, ({ key }) => key.startsWith('understanding'));
    expect(wordsOf(understood)).toContain('dora takes over, once, if it gets no further or can not mend failed checks');
    const asked = await commander.card(thread, title('A question'));
    expect(wordsOf(asked)).toContain('dora: Stub could not mend it in 2 attempts. What fails: grep -q mended a.txt');
    expect(JSON.stringify(asked.blocks)).toContain('"ping":true');
    await commander.restartBot();
    const inbox = await commander.card(await commander.say('@commander inbox'), title('waits for a person'));
    expect(wordsOf(inbox)).toContain('Stub could not mend it in 2 attempts');
    await commander.reply(thread, 'write the word mended');
    await commander.card(thread, title('Completed'));
    expect(JSON.stringify(toldTo(folder))).toContain('has looked at it and says: write the word mended');
    const questions = (await commander.thread(thread)).filter(({ card }) => card?.key.startsWith('question:'));
    expect(questions).toHaveLength(1);
  });

  it('is said to be unknown where the request names nobody', async () => {
    const thread = await commander.say('@commander mend the page in site with stub reviewer: zoe');
    const card = await commander.card(thread, title('I do not know the reviewer'));
    expect(wordsOf(card)).toContain('Nobody called “zoe” has ever talked to me here.');
  });
});
