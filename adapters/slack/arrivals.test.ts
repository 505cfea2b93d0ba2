import { describe, expect, it } from 'vitest';
import { arrivalOf } from './arrivals.ts';

const bot = 'U0BOT';
const said = { channel: 'C1', user: 'U1', text: `<@${bot}> go`, ts: '1.1' };

function arrival(event: object, more: object = {}) {
  return arrivalOf({ type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event, ...more }, bot);
}

describe('what is kept of an event', () => {
  it('has one key for a mention and its message, in any order, and when it is found by looking back', () => {
    const mention = arrival({ ...said, type: 'app_mention' });
    expect(mention?.key).toBe('message:T1/C1/1.1');
    expect(arrival({ ...said, type: 'message' }, { event_id: 'Ev2' })?.key).toBe(mention?.key);
    const found = arrival({ ...said, type: 'message' }, { event_id: undefined, late: true });
    expect(found).toMatchObject({ key: mention?.key, lane: mention?.lane, body: { late: true } });
  });

  it('has one key for a message that Slack sends again with another time stamp', () => {
    const first = arrival({ ...said, type: 'message', client_msg_id: 'a' });
    expect(arrival({ ...said, type: 'message', client_msg_id: 'a', ts: '1.2' })?.key).toBe(first?.key);
    expect(arrival({ ...said, type: 'message', client_msg_id: 'b', ts: '1.2' })?.key).not.toBe(first?.key);
    expect(arrival({ ...said, type: 'message', client_msg_id: 'a', user: 'U2' })?.key).not.toBe(first?.key);
  });

  it('is something new when a mention is added by an edit', () => {
    const edited = arrival({ ...said, type: 'app_mention', edited: { user: 'U1', ts: '1.9' } });
    expect(edited?.key).toBe('message:T1/C1/1.1/1.9');
  });

  it('has the key of the event for everything else, and the lane of its channel', () => {
    const change = { type: 'message', subtype: 'message_changed', channel: 'C1', ts: '2.1', message: said };
    expect(arrival(change)).toMatchObject({ key: 'event:Ev1', lane: 'T1/C1' });
    const reaction = { type: 'reaction_added', user: 'U1', reaction: 'x', item: { type: 'message', channel: 'C1' } };
    expect(arrival(reaction)).toMatchObject({ key: 'event:Ev1', lane: 'T1/C1' });
    const [one, two] = [arrival(reaction, { event_id: undefined }), arrival(change, { event_id: undefined })];
    expect(one?.key).not.toBe(two?.key);
  });

  it('comes after the message that it is about, however that has come and whatever was changed of it', () => {
    const first = { ...said, client_msg_id: 'a' };
    const change = { type: 'message', channel: 'C1', ts: '2.1' };
    const edit = { ...change, subtype: 'message_changed', message: { ...first, text: 'other', edited: { ts: '1.9' } } };
    const key = arrival({ ...first, type: 'app_mention' })?.key;
    expect(arrival({ ...edit, previous_message: first })).toMatchObject({ key: 'event:Ev1', after: key });
    expect(arrival(edit)?.after).toBe(key);
    expect(arrival({ ...change, subtype: 'message_deleted', previous_message: first, deleted_ts: '1.1' })?.after).toBe(
      key,
    );
    expect(arrival({ ...said, type: 'message' })?.after).toBeUndefined();
  });

  it.each([
    ['people talking to each other', { ...said, type: 'message', text: 'lunch?' }],
    ['the bot’s own message', { ...said, type: 'message', user: bot, thread_ts: '1.0' }],
    ['an edit of the bot’s own message', { type: 'message', subtype: 'message_changed', message: { user: bot } }],
    ['a kind that nobody asked for', { type: 'channel_rename', channel: 'C1' }],
    ['no event', 'nonsense'],
  ])('is nothing for %s', (_, event) => {
    expect(arrival(event as object)).toBeUndefined();
  });

  it('is everything in threads and direct messages: whether they concern the bot is asked afterwards', () => {
    expect(arrival({ ...said, type: 'message', text: 'faster', thread_ts: '1.0' })).toBeDefined();
    expect(arrival({ ...said, type: 'message', text: 'help', channel: 'D1', channel_type: 'im' })).toBeDefined();
  });
});
