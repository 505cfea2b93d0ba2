import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import { plainLines } from '#core/chat/plain-card.ts';
import { testDatabase } from '#tests/database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

const projectFile = `
runbooks:
  summary:
    summary: Writes a summary
    inputs:
      format:
        type: enum
        options: [HTML, PDF]
        default: HTML
    steps:
      - name: Write
        command: sh
        args: ['-c', 'echo "$INPUT_FORMAT" > summary.txt']
`;

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
  const place = await makeRepository(join(commander.folder, 'papers'), { 'commander.yaml': projectFile });
  await answer(`add project ${place}`, 'papers is a project now');
});
afterAll(() => commander.stop());

/** Says something in the channel; what is shown once the words stand in the thread, and the thread. */
async function answer(text: string, words: string, as = 'ana') {
  const thread = await commander.say(`@commander ${text}`, { as });
  return { thread, shown: await until(thread, words) };
}

async function until(thread: string, words: string): Promise<string> {
  const wordsIn = (messages: Awaited<ReturnType<TestCommander['thread']>>) =>
    messages.flatMap(({ card }) => (card === undefined ? [] : plainLines(card))).join('\n');
  await commander.threadThat(thread, (messages) => wordsIn(messages).includes(words));
  return wordsIn(await commander.thread(thread));
}

describe('preferences', () => {
  it('say what holds and why, change at once by a menu, and are taken back', async () => {
    const { thread, shown } = await answer('preferences', 'Preferences for you');
    expect(shown).toContain('Tone: professional (nobody chose)');
    await until(thread, 'Nothing is always allowed');
    expect(await commander.press(thread, 'Tone: terse')).toMatchObject({
      tone: 'success',
      text: 'Tone for ana: terse.',
    });
    await until(thread, 'Tone: terse, because ana prefers it');
    await commander.press(thread, 'Tone: not chosen here');
    await until(thread, 'Tone: professional (nobody chose)');
    const audit = await commander.db.kysely.selectFrom('audit').select(['deed', 'detail']).orderBy('id').execute();
    expect(audit.filter(({ deed }) => deed.startsWith('preference.'))).toMatchObject([
      { deed: 'preference.set', detail: { holder: { kind: 'person' }, name: 'tone', value: 'terse' } },
      { deed: 'preference.removed', detail: { name: 'tone', before: 'terse' } },
    ]);
  });

  it('of a channel come before one’s own; of a project only admins choose', async () => {
    await answer('set verbosity detailed', 'Verbosity for ana: detailed');
    await answer('set verbosity quiet for this channel', 'Verbosity for this channel: quiet');
    const { shown } = await answer('preferences', 'Preferences for you');
    expect(shown).toContain('Verbosity: quiet, because ana chose it for this channel');
    await answer('set verbosity default for this channel', 'nothing is chosen there any more');
    await answer('set verbosity default', 'nothing is chosen there any more');
    await answer('help', 'What you can say', 'bo');
    await commander.db.kysely.updateTable('members').set({ role: 'requester' }).where('name', '=', 'bo').execute();
    await answer('set tone terse for papers', 'the role “admin” is needed; bo has “requester”', 'bo');
    const { shown: looked } = await answer('preferences for papers', 'Preferences for the project papers', 'bo');
    expect(looked).toContain('What is your own you can always choose.');
  });

  it('are changed in a menu only by those who may', async () => {
    const { thread } = await answer('preferences', 'Preferences for you');
    const refused = await commander.press(thread, 'Tone: friendly', 'bo');
    expect(refused).toMatchObject({ tone: 'warning', text: expect.stringContaining('not bo’s own') });
    expect(await until(thread, 'Preferences for you')).toContain('Tone: professional (nobody chose)');
  });

  it('give a format where a request names none and the runbook offers it, and say so', async () => {
    await answer('set format pdf', 'Format of files for ana: pdf');
    const { shown } = await answer('summary in papers', 'Completed');
    expect(shown).toContain('As PDF, because ana prefers it, ');
    expect(shown).toContain('format: PDF');
    const named = await answer('summary in papers format=html', 'Completed');
    expect(named.shown).not.toContain('because ana prefers it');
    const other = await answer('summary in papers', 'Completed', 'bo');
    expect(other.shown).toContain('format: HTML');
  });

  it('say in an explanation why the thread speaks as it does', async () => {
    await answer('set tone friendly for papers', 'Tone for the project papers: friendly');
    const { thread } = await answer('summary in papers', 'Completed: here is your report');
    await commander.reply(thread, '@commander explain', 'ana');
    await until(thread, 'Tone here: friendly, because ana chose it for this project, ');
    await answer('set tone default for papers', 'nothing is chosen there any more');
  });

  it('are said as commands, and what they do not know is said', async () => {
    await answer('set tone loud', 'That is said as: set tone <friendly|professional|terse|default>');
    await answer('set tone terse for nowhere', '“nowhere” is no project');
    const { thread } = await answer('preferences for papers', 'Preferences for the project papers');
    await commander.press(thread, 'Preferences for me');
    await until(thread, 'Preferences for you');
    const titles = (await commander.thread(thread)).flatMap(({ card }) =>
      card === undefined ? [] : [plainOf(card.title)],
    );
    expect(titles).toContain('Preferences for you');
  });
});
