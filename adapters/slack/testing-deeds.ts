import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type InteractionReply, PostRefused, type ThreadAddress } from '#core/chat/adapter.ts';
import { showCard } from '#tests/chat/show-card.ts';
import { untilDone } from '#tests/chat/until-done.ts';
import type { Fault } from '#tests/slack-server/faults.ts';
import type { Message } from '#tests/slack-server/state/message.ts';
import { asked, card, channelOf, heardOf, install, type Scene } from './testing-scene.ts';

/** Whether Slack did what it was asked to, though we can not know. */
export const mayBeDone = (fault: Fault) => fault.kind === 'slow' || ('when' in fault && fault.when === 'after');

/** The press of a button. */
export const action = 'approve:0190a000-0000-7000-8000-00000000000b';

/** As a person does: where Slack gives no answer in time, it is begun again. */
export async function installAtLast(scene: Scene) {
  for (;;) {
    const page = await install(scene);
    if (page.status !== 502) return page;
    expect(page.text).toContain('Begin again');
  }
}

/** What the thread of a message shows. */
export const textsOf = ({ slack }: Scene, root: Pick<Message, 'channel' | 'ts'>) =>
  slack.driver.thread(root).map(({ text }) => text);

/** Shows a card with this title; its post. */
export function shown(scene: Scene, thread: ThreadAddress, title: string): Promise<string> {
  const key = randomUUID();
  return untilDone(() => scene.adapter.create(thread, card(title), key, 'now'));
}

/** Somebody says something, and it is heard once. */
export async function heardOnce(scene: Scene): Promise<void> {
  const { driver } = scene.slack;
  const said = driver.say(channelOf(scene), driver.ben, `${driver.mention} go`);
  await heardOf(scene, said);
  await driver.settled();
  const heard = (await scene.host.until(0)).filter(({ externalId }) => externalId.endsWith(said.ts));
  expect(heard).toHaveLength(1);
}

/** A card with a button, in a thread of its own. */
export async function withButton(scene: Scene): Promise<{ readonly card: Message }> {
  const { thread, root } = await asked(scene);
  const asks = card('Ask', [{ kind: 'buttons', buttons: [{ label: 'Approve', action }] }]);
  const key = randomUUID();
  await untilDone(() => scene.adapter.create(thread, asks, key, 'now'));
  const [message] = scene.slack.driver.thread(root);
  if (message === undefined) throw new Error('no card');
  return { card: message };
}

/** Who pressed is told once; twice at most where Slack had done it and nobody can know. */
export async function toldAlone(scene: Scene, fault: Fault, fail: () => void): Promise<void> {
  const { driver } = scene.slack;
  const { card: message } = await withButton(scene);
  const reply: InteractionReply = { kind: 'notice', tone: 'warning', text: 'Only an approver may.' };
  scene.host.reply = reply;
  fail();
  expect(await driver.click(message, action, { user: driver.ben })).toMatchObject({ acknowledged: true });
  await driver.waitFor('the words', () => driver.ephemerals(driver.ben)[0]);
  const told = driver.ephemerals(driver.ben).map(({ text }) => text);
  expect(new Set(told)).toEqual(new Set(['Only an approver may.']));
  expect(told.length).toBeLessThanOrEqual(mayBeDone(fault) || fault.kind === 'hang' ? 2 : 1);
}

/** The error that the adapter gives up with. */
export async function untilRefused(scene: Scene, thread: ThreadAddress): Promise<string> {
  const key = randomUUID();
  return untilDone(() =>
    scene.adapter.create(thread, card('No'), key, 'now').then(
      () => 'it was posted',
      (error: unknown) => {
        if (error instanceof PostRefused) return error.message;
        throw error;
      },
    ),
  );
}

/** What was said while nobody listened is heard, once and as late. */
export async function caughtUp(scene: Scene): Promise<void> {
  const { driver } = scene.slack;
  await asked(scene);
  await scene.restart();
  const channel = channelOf(scene);
  await scene.adapter.stop();
  const said = driver.say(channel, driver.ben, `${driver.mention} while you were away`);
  scene.fail();
  await scene.restart();
  expect(await heardOf(scene, said)).toMatchObject({ late: true });
}

export async function sentFile(scene: Scene) {
  const { driver } = scene.slack;
  const file = driver.upload('a.bin', 'abc', { user: driver.ben, mimetype: 'application/octet-stream' });
  const said = driver.say(driver.direct(driver.ben), driver.ben, 'run the tests', { files: [file] });
  const [found] = (await heardOf(scene, said)).files;
  if (found === undefined) throw new Error('no file');
  return found;
}

export async function bytesOf(scene: Scene, file: Parameters<Scene['adapter']['download']>[0]): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of await scene.adapter.download(file)) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** A card with a file: both are in the thread once. */
export async function sharedOnce(scene: Scene): Promise<void> {
  const bytes = Buffer.from('produced');
  async function* open() {
    yield bytes;
  }
  scene.host.output = async () => ({ name: 'a.txt', mediaType: 'text/plain', size: bytes.length, open });
  const { thread, root } = await asked(scene);
  const file = { outputId: randomUUID(), name: 'a.txt', mediaType: 'text/plain', size: 8, version: 1, href: '/o' };
  const key = randomUUID();
  const withFile = card('With a file', [{ kind: 'files', files: [file] }]);
  await showCard(scene.adapter, thread, withFile, key);
  expect(
    scene.slack.driver
      .thread(root)
      .map(({ files }) => files.length)
      .sort(),
  ).toEqual([0, 1]);
}
