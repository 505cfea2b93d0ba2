import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatAdapter, InteractionReply } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { Modal } from '#core/chat/modal.ts';
import { type HeardHost, heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { showCard } from '#tests/chat/show-card.ts';
import { pingsOf, risksOf, textsOf } from '#tests/slack-server/blocks/texts.ts';
import { checkView } from '#tests/slack-server/blocks/view.ts';
import { type SlackServer, startSlackServer } from '#tests/slack-server/server.ts';
import { createSlackAdapter } from './adapter.ts';
import { drawForm } from './form.ts';
import { decodeText, escapeText } from './text.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const foreign = '<!channel> <!here|x> <@U1> <!subteam^S1> <https://evil.example|safe> ``` *bold* & &lt;!channel&gt;';

let slack: SlackServer;
let host: HeardHost;
let adapter: ChatAdapter;

beforeAll(async () => {
  slack = await startSlackServer({ limits: 'none' });
  host = heardHost();
  const settings = { botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.url };
  adapter = createSlackAdapter({ settings, store: memoryStore(), log: silent });
  host.understand = async (body) => adapter.understand?.(body);
  await adapter.start(host);
});
afterAll(async () => {
  await adapter.stop();
  await slack.stop();
});

/** Everything that a call shows to people. */
function shownBy(args: Readonly<Record<string, unknown>>): { text: string; blocks: unknown } {
  const read = (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value);
  const view = read(args.view) as { blocks?: unknown; title?: unknown } | undefined;
  const text = [args.text, args.initial_comment].filter((each) => typeof each === 'string').join('\n');
  return { text, blocks: [read(args.blocks), view?.blocks, view?.title].filter((each) => each !== undefined) };
}

describe('nothing that goes out pings, links or breaks out', () => {
  it('by whichever call it goes', async () => {
    const { driver } = slack;
    const channel = driver.channel('general');
    await driver.command('/commander', foreign, { user: driver.ben, channel });
    const [heard] = await host.until(1);
    if (heard === undefined) throw new Error('nothing was heard');
    const action = 'approve:0190a000-0000-7000-8000-00000000000b';
    const file = { outputId: 'o1', name: foreign, mediaType: 'text/plain', size: 3, version: 1, href: '/o' };
    host.output = async () => ({ name: foreign, mediaType: 'text/plain', size: 3, open: bytes });
    const blocks: Card['blocks'] = [
      { kind: 'fields', fields: [{ label: foreign, value: [foreign] }] },
      { kind: 'actions', actions: [{ at: '2026-01-01T00:00:00Z', text: [foreign] }] },
      { kind: 'changes', files: [{ path: foreign, status: 'added', added: 1, removed: 0 }], more: 0 },
      { kind: 'code', label: foreign, text: foreign.repeat(100) },
      { kind: 'files', files: [file] },
      { kind: 'quote', from: foreign, text: `# ${foreign}\n[safe](https://evil.example)`, written: 'markdown' },
      {
        kind: 'buttons',
        buttons: [{ label: foreign, action, confirm: { title: foreign, text: foreign, yes: foreign } }],
      },
    ];
    const menu: Card['blocks'] = [
      { kind: 'select', label: foreign, options: [{ label: foreign, action: 'prefer:home:tone-terse' }], chosen: '' },
    ];
    const card: Card = { key: 'k', tone: 'danger', title: [foreign], blocks: [...blocks, ...menu], summary: foreign };
    const key = '0190a000-0000-7000-8000-00000000000a';
    const post = await showCard(adapter, heard.thread, card, key);
    await adapter.edit(heard.thread, post, { ...card, tone: 'success' }, 2, 'now');
    await adapter.showStatus?.(heard.thread, { title: foreign, state: 'working' });
    host.home = async () => [card];
    driver.openHome(driver.ben);
    await driver.waitFor('the page', () => driver.home(driver.ben));
    const [root] = driver.messages(channel);
    const shown = root && driver.thread(root).find(({ ts }) => ts === post);
    if (shown === undefined) throw new Error('no card');
    host.reply = { kind: 'notice', tone: 'warning', text: foreign };
    await driver.click(shown, action, { user: driver.ben });
    slack.faults.http.inject('chat.postEphemeral', { kind: 'refuse', error: 'user_not_in_channel' });
    await driver.click(shown, action, { user: driver.ben });
    const fields: Modal['fields'] = [{ kind: 'text', name: 'a', label: foreign, hint: foreign, value: foreign }];
    const modal = { id: 'x', title: foreign, intro: [foreign], submit: foreign, fields };
    host.reply = { kind: 'modal', modal } satisfies InteractionReply;
    await driver.click(shown, action, { user: driver.ben });
    await driver.waitFor('the form', () => driver.views(driver.ben)[0]);
    await driver.waitFor('both refusals', () => driver.ephemerals(driver.ben).length >= 3);
    const methods = new Set<string>();
    for (const { method, args } of slack.calls.all) {
      const { text, blocks: drawn } = shownBy(args);
      methods.add(method);
      expect(pingsOf(text, drawn), method).toEqual([]);
      expect(text, method).not.toMatch(/[<>]/);
      for (const part of textsOf(drawn)) {
        expect(part.reading, method).not.toBe('markup');
        if (part.reading === 'markdown') expect(risksOf(part.text), method).toEqual([]);
      }
    }
    for (const { args } of slack.calls.of('chat.postMessage')) {
      expect(args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
      expect(args).not.toHaveProperty('reply_broadcast');
    }
    const said = [
      'chat.postMessage',
      'chat.update',
      'chat.postEphemeral',
      'response_url',
      'views.open',
      'views.publish',
    ];
    expect([...methods]).toEqual(expect.arrayContaining(said));
  });

  it('by any form', () => {
    const words = fc.oneof(fc.string({ maxLength: 200 }), fc.constant(foreign));
    const field = fc.oneof(
      fc.record({
        kind: fc.constant('text' as const),
        name: fc.constant('a'),
        label: words,
        value: words,
        hint: words,
      }),
      fc.record({
        kind: fc.constant('select' as const),
        name: fc.constant('b'),
        label: words,
        options: fc.array(fc.record({ value: fc.stringMatching(/^[a-z]{1,9}$/), label: words }), {
          minLength: 1,
          maxLength: 5,
        }),
      }),
    );
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 3 }), field, (title, intro, one) => {
        const view = drawForm({ id: 'x', title: title || 'T', intro, submit: 'Send', fields: [one] }, '{}');
        const { blocks } = checkView(JSON.parse(JSON.stringify(view)), 'modal');
        expect(textsOf(blocks).filter(({ reading }) => reading === 'markup' || reading === 'markdown')).toEqual([]);
        expect(pingsOf('', blocks)).toEqual([]);
      }),
    );
  });

  it('as plain text, which reads again as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 300 }), fc.constant(foreign)), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>]/);
        expect(decodeText(escapeText(text))).toBe(text);
      }),
    );
  });
});

it.each([
  ['see <https://a.example/x?a=1&amp;b=2|the page>', 'see https://a.example/x?a=1&b=2'],
  ['<mailto:a@b.example|a@b.example> in <#C1|general> or <#C2|>', 'a@b.example in general or #C2'],
  ['for <@U1> and <@U2|ben>, <!here>', 'for @U1 and ben, !here'],
  ['1 &lt; 2 &amp;&amp; &lt;@U1&gt;', '1 < 2 && <@U1>'],
])('what a person wrote is read as he wrote it: %s', (sent, read) => {
  expect(decodeText(sent)).toBe(read);
});

async function* bytes() {
  yield Buffer.from('abc');
}

it('reads signs that are made to take for ever', () => {
  const signs = '<!<@'.repeat(100_000);
  expect(decodeText(signs)).toBe(signs);
});
