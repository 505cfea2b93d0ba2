import { expect, it } from 'vitest';
import { appName, saidIn } from './said.ts';

const alert = {
  bot_id: 'B1',
  text: '',
  attachments: [
    { pretext: 'Triggered', title: 'api is <down>', text: '5xx &gt; 3 %', fallback: 'not this' },
    { fallback: 'only this' },
    { from_url: 'https://example.org', title: 'what a link leads to' },
    { is_msg_unfurl: true, text: 'forwarded' },
  ],
};

it('what an app says below its message is part of it; what a link or a person’s message shows is not', () => {
  expect(saidIn(alert)).toBe('Triggered\napi is <down>\n5xx > 3 %\nonly this');
  expect(saidIn({ ...alert, text: 'Alert' })).toMatch(/^Alert\nTriggered/);
  expect(saidIn({ text: 'see', attachments: alert.attachments })).toBe('see');
  expect(saidIn({})).toBe('');
});

it('an app is called as it calls itself, a person is none', () => {
  expect(appName({ bot_id: 'B1', bot_profile: { name: 'Alerts' }, username: 'x' })).toBe('Alerts');
  expect(appName({ bot_id: 'B1', username: 'deploys' })).toBe('deploys');
  expect(appName({ bot_id: 'B1' })).toBe('an app');
  expect(appName({ username: 'ben' })).toBeUndefined();
});
