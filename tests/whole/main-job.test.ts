import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';

let commander: TestCommander;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
});

afterAll(async () => {
  await commander.stop();
});

/** Fits a card of this key whose title says this. */
function says(key: string, words: string) {
  return (card: Card) => card.key.startsWith(key) && plainOf(card.title).includes(words);
}

function keys(messages: readonly { readonly card?: Card }[]): readonly string[] {
  return messages.flatMap(({ card }) => card?.key.split(':')[0] ?? []);
}

const hasButtons = ({ kind }: Card['blocks'][number]) => kind === 'buttons';

function gitLog(): readonly string[] {
  return execFileSync('git', ['log', '--format=%s'], { cwd: commander.demo, encoding: 'utf8' }).trim().split('\n');
}

describe('the main job', () => {
  it('runs the tests: understood, one status card, a report', async () => {
    const thread = await commander.say('@commander run the tests');
    await commander.card(thread, says('report', 'Completed'));
    expect(keys(await commander.thread(thread))).toEqual(['understanding', 'status', 'report']);
  });

  it('makes a report of the kind that was asked for and publishes files of several kinds', async () => {
    const thread = await commander.say('@commander report as PDF please');
    await commander.card(thread, says('report', 'Completed'));
    const files = (await commander.thread(thread)).flatMap(({ card }) =>
      (card?.blocks ?? []).flatMap((block) => (block.kind === 'files' ? block.files : [])),
    );
    expect(files.map(({ mediaType }) => mediaType).sort()).toEqual(['application/pdf', 'image/png', 'text/csv']);
    const file = files.find(({ name }) => name.endsWith('.pdf'));
    const bytes = await fetch(`${commander.url}${file?.href}`);
    expect(bytes.headers.get('content-disposition')).toContain('inline; filename="strawberry-report.pdf"');
    expect((await bytes.text()).startsWith('%PDF-')).toBe(true);
  });

  it('releases: asks first, is delivered by approval, and taken back by a new commit', async () => {
    const before = gitLog();
    const thread = await commander.say('@commander release 1.2.0');
    const asked = await commander.card(thread, (card) => card.key.startsWith('approval:'));
    expect(asked.blocks.some((block) => block.kind === 'code' && block.text.includes('scripts/publish.js'))).toBe(true);
    expect(gitLog()).toEqual(before);

    expect(await commander.press(thread, 'Approve', 'bo')).toEqual({ kind: 'done' });
    const approved = await commander.card(thread, says('approval', 'Approved'));
    expect(approved.summary).toContain('bo');
    await commander.card(thread, says('report', 'Completed'));
    expect(gitLog()).toEqual(before);

    await commander.press(thread, 'Deliver');
    await commander.card(
      thread,
      (card) => card.key.startsWith('report') && JSON.stringify(card).includes('Delivered to '),
    );
    expect(await readFile(join(commander.demo, 'VERSION'), 'utf8')).toBe('1.2.0\n');

    await commander.submit(thread, 'Revert…', { checkpoint: '0' });
    await commander.card(thread, (card) => card.key.startsWith('revert:'));
    await commander.press(thread, 'Revert these');
    await commander.card(thread, says('revert', 'Reverted'));
    expect(await readFile(join(commander.demo, 'VERSION'), 'utf8')).toBe('1.1.0\n');
    expect(gitLog().length).toBeGreaterThan(before.length + 1);
  });

  it('plans anew what is refined, and asks again; what is denied is not done', async () => {
    const thread = await commander.say('@commander release 2.0.0');
    const isOpen = (version: string) => (card: Card) =>
      card.key.startsWith('approval:') && JSON.stringify(card).includes(version) && card.blocks.some(hasButtons);
    await commander.card(thread, isOpen('2.0.0'));
    expect(await commander.submit(thread, 'Refine…', { 'input.version': 'soon' })).toMatchObject({ kind: 'problems' });
    expect(await commander.submit(thread, 'Refine…', { 'input.version': '2.0.1', note: 'a fix' })).toEqual({
      kind: 'done',
    });
    await commander.card(thread, says('approval', 'Refined'));
    await commander.card(thread, isOpen('2.0.1'));
    expect(await commander.press(thread, 'Deny', 'bo')).toEqual({ kind: 'done' });
    expect((await commander.card(thread, says('approval', 'Denied'))).summary).toContain('bo');
    const report = await commander.card(thread, (card) => card.key.startsWith('report'));
    expect(plainOf(report.title)).not.toContain('Completed');
    expect(JSON.stringify(await commander.thread(thread))).not.toContain('published 2.0');
  });

  it('tries a passing failure again and says why', async () => {
    const thread = await commander.say('@commander flaky');
    await commander.card(
      thread,
      (card) => card.key.startsWith('status') && JSON.stringify(card).includes('busy (503)'),
    );
    await commander.card(thread, says('report', 'Completed'));
  });

  it('cancels what runs when it is told to in the thread', async () => {
    const thread = await commander.say('@commander slow');
    await commander.card(
      thread,
      (card) => card.key.startsWith('status') && JSON.stringify(card).includes('first rows: 1 of'),
    );
    await commander.reply(thread, 'cancel');
    await commander.card(thread, says('status', 'Cancelled'));
  });

  it('says honestly that it did not understand, with what is near', async () => {
    const thread = await commander.say('@commander make me a sandwich');
    const card = await commander.card(thread, (each) => each.key.includes('unknown'));
    expect(plainOf(card.title)).toContain('did not understand');
  });

  it('asks for an input that is missing, and starts nothing', async () => {
    const thread = await commander.say('@commander release soon');
    const card = await commander.card(thread, (each) => each.key.includes('question'));
    expect(JSON.stringify(card.blocks)).toContain('1.2.0');
    await commander.reply(thread, '1.2.9');
    await commander.card(thread, says('understanding', 'Understood'));
  });

  it('takes the same message once, however often it is sent', async () => {
    const thread = await commander.say('@commander run the tests', { key: 'once' });
    expect(await commander.say('@commander run the tests', { key: 'once' })).toBe(thread);
    await commander.card(thread, says('report', 'Completed'));
    expect(keys(await commander.thread(thread))).toEqual(['understanding', 'status', 'report']);
  });

  it('keeps an open approval over a restart of the bot, and a second click is told the decision', async () => {
    const thread = await commander.say('@commander release 1.3.0');
    await commander.card(thread, (card) => card.key.startsWith('approval:'));
    const [button] = (await commander.thread(thread))
      .flatMap(
        ({ id, card }) =>
          card?.blocks.flatMap((block) =>
            block.kind === 'buttons' ? block.buttons.map((each) => ({ id, ...each })) : [],
          ) ?? [],
      )
      .filter((each) => each.label === 'Approve');
    await commander.restartBot();
    expect(await commander.press(thread, 'Approve')).toEqual({ kind: 'done' });
    const again = await fetch(`${commander.url}/api/chat/messages/${button?.id}/press`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'commander-person': 'bo' },
      body: JSON.stringify({ action: button?.action }),
    });
    expect(await again.json()).toMatchObject({ kind: 'notice', text: expect.stringContaining('approved by ana') });
    await commander.card(thread, says('report', 'Completed'));
  });

  it('asks no more where somebody said always, names the rule, and asks again when it is revoked', async () => {
    const first = await commander.say('@commander release 3.0.0');
    await commander.card(first, (card) => card.key.startsWith('approval:'));
    expect(await commander.submit(first, 'Always allow here', { days: '30' })).toEqual({ kind: 'done' });
    await commander.card(first, says('report', 'Completed'));

    const second = await commander.say('@commander release 3.0.1');
    await commander.card(second, says('report', 'Completed'));
    const allowed = await commander.card(second, (card) => card.key.startsWith('approval:'));
    expect(JSON.stringify(allowed)).toContain('because ana said always');

    const listed = await commander.card(await commander.say('@commander rules'), (card) => card.key.includes('notice'));
    const name = /[0-9a-f]{6}/.exec(JSON.stringify(listed.blocks))?.[0];
    expect(JSON.stringify(listed.blocks)).toMatch(/for everybody: ana said so .*used once/);
    const changed = await commander.say(`@commander change rule ${name} 7 days`);
    expect(plainOf((await commander.card(changed, (card) => card.key.includes('notice'))).title)).toContain('changed');
    await commander.card(await commander.say(`@commander revoke rule ${name}`), (card) => card.key.includes('notice'));
    const third = await commander.say('@commander release 3.0.2');
    const asked = await commander.card(third, (card) => card.key.startsWith('approval:'));
    expect(asked.blocks.some((block) => block.kind === 'buttons')).toBe(true);
  });
});
