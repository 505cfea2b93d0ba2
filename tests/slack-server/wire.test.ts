import type { ViewOutput } from '@slack/bolt';
import type { AppMentionEvent, GenericMessageEvent } from '@slack/types';
import type {
  ChatPostMessageResponse,
  ConversationsInfoResponse,
  FilesInfoResponse,
  UsersInfoResponse,
} from '@slack/web-api';
import { afterAll, expect, test } from 'vitest';
import { startSlackServer } from './server.ts';
import { openView } from './views.ts';
import { channelJson, fileJson, messageJson, personJson, viewJson } from './wire.ts';

/** The judge here is the type check: what the stand-in sends has to fit the types of Slack's own packages. */

const slack = await startSlackServer();
afterAll(() => slack.stop());
const { driver } = slack;
const { workspace } = driver;
const { appId } = slack.settings;
const place = { channel: driver.channel('general'), event_ts: '1' };

test('a message fits the events and the answers that carry it', () => {
  const said = driver.say(place.channel, driver.anna, 'x', { files: [driver.upload('a.txt', 'x')] });
  const json = messageJson(workspace, said, appId);
  if (!('team' in json)) throw new Error('a stone');
  // Files are judged below, what is forwarded the types do not know; block types are texts here and an enumeration there.
  const { files: _files, attachments: _forwards, subtype: _subtype, blocks, ...rest } = json;
  const mention: AppMentionEvent = { ...rest, blocks, ...place, type: 'app_mention' };
  const message: GenericMessageEvent = {
    ...rest,
    blocks,
    ...place,
    type: 'message',
    subtype: undefined,
    channel_type: 'channel',
  };
  const answer: ChatPostMessageResponse = { ok: true, message: rest };
  expect([mention.ts, message.ts, answer.message?.ts]).toEqual([said.ts, said.ts, said.ts]);
});

test('a file fits events and answers', () => {
  const stored = driver.upload('a.txt', 'x');
  const shared: NonNullable<AppMentionEvent['files']>[number] = fileJson(stored);
  const answer: FilesInfoResponse = { ok: true, file: fileJson(stored) };
  expect([shared.id, answer.file?.id]).toEqual([stored.id, stored.id]);
});

test('people, channels and views fit the answers that carry them', () => {
  const [person] = workspace.people.values();
  const [channel] = workspace.channels.values();
  if (person === undefined || channel === undefined) throw new Error('an empty workspace');
  const user: UsersInfoResponse = { ok: true, user: personJson(workspace, person) };
  const info: ConversationsInfoResponse = { ok: true, channel: channelJson(workspace, channel) };
  const title = { type: 'plain_text' as const, text: 'T', emoji: true };
  const view = openView(workspace, person.id, { type: 'modal', blocks: [], title });
  const { state: _state, title: _title, close: _close, submit: _submit, ...output } = viewJson(workspace, view, appId);
  const seen: Omit<ViewOutput, 'state' | 'title' | 'close' | 'submit'> = output;
  expect([user.user?.id, info.channel?.id, seen.id]).toEqual([person.id, channel.id, view.id]);
});
