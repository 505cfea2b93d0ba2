import { describe, expect, it } from 'vitest';
import { messageOf } from './testing.ts';
import { isChannelUnread, isThreadUnread, markRead, parseMarks } from './unread.ts';

const marks = { since: '2026-05-01', channels: { general: '2026-05-03' }, threads: {} };

describe('unread marks', () => {
  it('counts what is newer than the mark, or than the first visit', () => {
    expect(isChannelUnread({ id: 'general', name: 'general', lastActivityAt: '2026-05-03' }, marks)).toBe(false);
    expect(isChannelUnread({ id: 'general', name: 'general', lastActivityAt: '2026-05-04' }, marks)).toBe(true);
    expect(isChannelUnread({ id: 'other', name: 'other', lastActivityAt: '2026-05-02' }, marks)).toBe(true);
    expect(isChannelUnread({ id: 'other', name: 'other', lastActivityAt: '2026-04-30' }, marks)).toBe(false);
    expect(isChannelUnread({ id: 'empty', name: 'empty' }, marks)).toBe(false);
    expect(isThreadUnread(messageOf({ id: 'root', lastReplyAt: '2026-05-02' }), marks)).toBe(true);
    expect(isThreadUnread(messageOf({ id: 'root' }), marks)).toBe(false);
  });

  it('only moves forward, and is the same value when nothing moved', () => {
    expect(markRead(marks, 'channels', 'general', '2026-05-02')).toBe(marks);
    expect(markRead(marks, 'channels', 'general', '2026-05-05').channels.general).toBe('2026-05-05');
    expect(markRead(marks, 'threads', 'root', '2026-05-05').threads).toEqual({ root: '2026-05-05' });
  });

  it.each([null, '', 'x', '{}', '[]', '{"since":1}'])('takes %s for no marks', (text) => {
    expect(parseMarks(text)).toBeUndefined();
  });

  it('reads what was stored', () => {
    expect(parseMarks(JSON.stringify(marks))).toEqual(marks);
  });
});
