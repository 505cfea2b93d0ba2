import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Card, CardFile } from '#core/chat/card.ts';
import { showCard } from '#tests/chat/show-card.ts';
import type { Call } from '#tests/discord-server/calls.ts';
import { type AdapterOnDiscord, cardOf, keyOf, startAdapter } from '#tests/discord-server/with-adapter.ts';

const mebibyte = 1024 * 1024;
const outputs = new Map<string, { readonly file: CardFile; readonly bytes: Buffer }>();
let discord: AdapterOnDiscord;

afterEach(async () => {
  outputs.clear();
  await discord.stop();
});

/** A produced file of these bytes. */
function produced(name: string, bytes: Buffer, mediaType = 'text/csv'): CardFile {
  const outputId = keyOf(100 + outputs.size);
  const file = { outputId, name, mediaType, size: bytes.length, version: 1, href: `/outputs/${outputId}` };
  outputs.set(outputId, { file, bytes });
  return file;
}

async function begin(options: Parameters<typeof startAdapter>[0] = {}): Promise<void> {
  discord = await startAdapter(options);
  discord.host.output = async (id) => {
    const found = outputs.get(id);
    if (found === undefined) return undefined;
    async function* open() {
      yield found?.bytes ?? Buffer.alloc(0);
    }
    return { ...found.file, sha256: 'ab'.repeat(32), open };
  };
}

function filesCard(...files: readonly CardFile[]): Card {
  return cardOf('Output', { blocks: [{ kind: 'files', files }] });
}

/** The card's message, and the one of its file. */
async function posted(card: Card) {
  const { driver } = discord.server;
  const thread = await discord.asked();
  const post = await showCard(discord.adapter, thread, card, keyOf(1));
  const [own, message = own] = driver.messages(thread.thread).filter(({ author }) => author.bot);
  if (own === undefined || message === undefined) throw new Error('nothing was posted');
  expect(own.id).toBe(post);
  return { own, message, text: driver.text(message) };
}

describe('a produced file', () => {
  it('that is too large as it is goes along compressed, and the card says so', async () => {
    await begin();
    const bytes = Buffer.alloc(11 * mebibyte, 'strawberry,red,sweet\n');
    const { message, text } = await posted(filesCard(produced('rows.csv', bytes)));
    const [attached] = message.attachments;
    expect(attached?.name).toMatch(/rows\.csv\.gz$/);
    expect(gunzipSync(attached?.bytes ?? Buffer.alloc(0)).equals(bytes)).toBe(true);
    expect(text).toContain('rows.csv is compressed: 12 MB as');
  });

  it('that compressing does not help is named with its size and print, or linked where there are pages', async () => {
    await begin();
    const file = produced('noise.bin', randomBytes(11 * mebibyte), 'application/octet-stream');
    const { message, text } = await posted(filesCard(file));
    expect(message.attachments).toEqual([]);
    expect(text).toContain('noise.bin (version 1, 12 MB): not sent along here, kept by Commander; SHA-256 `abab');
    Object.assign(discord.host, { address: 'https://commander.example' });
    const linked = await posted({ ...filesCard(file), key: 'other' });
    expect(linked.text).toContain(`[download](https://commander.example${file.href})`);
  });

  it('may be as large as the boosts of the server allow', async () => {
    await begin({ settings: { attachmentSizeLimit: 50 * mebibyte } });
    const { message } = await posted(filesCard(produced('a.bin', randomBytes(11 * mebibyte))));
    expect(message.attachments).toHaveLength(1);
  });

  it('may be as large as interactions say; when Discord takes less after all, it is only named', async () => {
    await begin({ settings: { attachmentSizeLimit: 2 * mebibyte } });
    const { message, text } = await posted(filesCard(produced('a.bin', randomBytes(3 * mebibyte))));
    expect(message.attachments).toEqual([]);
    expect(text).toContain('a.bin');
    await discord.server.driver.slash('cancel', {}, { user: discord.server.driver.ben });
    const small = produced('b.bin', randomBytes(3 * mebibyte));
    const before = discord.server.calls.of('POST /channels/{channel_id}/messages').length;
    await posted({ ...filesCard(small), key: 'other' });
    expect(discord.server.calls.of('POST /channels/{channel_id}/messages')).toHaveLength(before + 2);
  });

  it('holds up nothing while it is on its way: neither its own card, nor what comes after it, nor a change', async () => {
    await begin();
    const { adapter, server } = discord;
    const thread = await discord.asked();
    const card = { ...filesCard(produced('a.csv', Buffer.from('a,b'))), key: 'approval' };
    const messages = 'POST /channels/{channel_id}/messages';
    const matching = ({ files }: Call) => files.length > 0;
    server.faults.http.inject(messages, { kind: 'late', milliseconds: 3000 }, { matching });
    const post = await adapter.create(thread, card, keyOf(1), 'now');
    const [part = ''] = adapter.sharing?.parts(card) ?? [];
    const sharing = adapter.sharing?.share(thread, card, part, keyOf(2));
    await server.driver.waitFor('the file on its way', () => server.calls.of(messages).some(matching));
    await adapter.create(thread, cardOf('Report'), keyOf(3), 'now');
    await adapter.edit(thread, post, { ...card, title: ['Approved'] }, 2, 'now');
    const shown = () => server.driver.messages(thread.thread).filter(({ author }) => author.bot);
    expect(shown().map((each) => each.attachments.length)).toEqual([0, 0]);
    await sharing;
    expect(shown().map((each) => each.attachments.length)).toEqual([0, 0, 1]);
  });

  it('whose upload is cut short, or not answered, is there once; by the next process too', async () => {
    await begin();
    const { server } = discord;
    const thread = await discord.asked();
    const card = filesCard(produced('a.csv', Buffer.from('a,b')));
    const [part = ''] = discord.adapter.sharing?.parts(card) ?? [];
    const messages = 'POST /channels/{channel_id}/messages';
    for (const when of ['before', 'after'] as const) server.faults.http.inject(messages, { kind: 'drop', when });
    const share = () => discord.adapter.sharing?.share(thread, card, part, keyOf(2));
    await expect(share()).rejects.toThrow();
    await expect(share()).rejects.toThrow();
    await discord.restart();
    await share();
    const shown = server.driver.messages(thread.thread).filter(({ author }) => author.bot);
    expect(shown.map((each) => each.attachments.length)).toEqual([1]);
  });

  it('is only named where the bot may not attach files', async () => {
    await begin();
    const { driver } = discord.server;
    driver.deny(driver.channel('general'), ['attachFiles']);
    const { message, text } = await posted(filesCard(produced('a.csv', Buffer.from('a,b'))));
    expect(message.attachments).toEqual([]);
    expect(text).toContain('a.csv');
  });
});

describe('a card that says more than a message may', () => {
  it('has all of it in a file, exactly as it is', async () => {
    await begin();
    const command = `echo '${'@everyone *x* `y` '.repeat(300)}'`;
    const { message } = await posted(cardOf('Exactly this', { blocks: [{ kind: 'code', text: command }] }));
    const [whole] = message.attachments;
    expect(whole?.name).toBe('everything.txt');
    expect(whole?.bytes.toString()).toContain(command);
  });
});

describe('a file that people send', () => {
  it('is fetched from Discord alone, and is no larger than was said', async () => {
    await begin();
    const { driver } = discord.server;
    driver.mention(driver.channel('general'), driver.ben, 'go', { files: [{ name: 'a.txt', content: 'abc' }] });
    const [file] = (await discord.host.until(1))[0]?.files ?? [];
    if (file === undefined) throw new Error('no file came');
    const read = async (given: typeof file) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await discord.adapter.download(given)) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };
    expect(await read(file)).toBe('abc');
    await expect(read({ ...file, size: 2 })).rejects.toThrow('larger than its message says');
    await expect(read({ ...file, externalId: 'http://169.254.169.254/latest/meta-data' })).rejects.toThrow(
      'at Discord',
    );
    await expect(read({ ...file, externalId: 'https://cdn.discordapp.com.evil.example/a' })).rejects.toThrow(
      'at Discord',
    );
    await expect(read({ ...file, externalId: `${driver.channel('general')}/1/2` })).rejects.toThrow();
  });
});
