import { expect, it } from 'vitest';
import { splitRequests } from './split-requests.ts';

it.each([
  ['run the tests', ['run the tests']],
  ['- run the tests\n- report as pdf', ['run the tests', 'report as pdf']],
  ['Please do:\n1. tests\n2) report\nthanks', ['tests', 'report']],
  ['- tests', ['- tests']],
  ['urgent, after #3:\n- tests\n- report priority 7', ['tests after #3 priority 10', 'report priority 7 after #3']],
])('%j asks for %j', (text, requests) => {
  expect(splitRequests(text)).toEqual(requests);
});

it('takes no list apart that says what not to do', () => {
  const text = 'Do not do these:\n- release 1.2.0\n- tests';
  expect(splitRequests(text)).toEqual([text]);
});

it('leaves nothing of a long list out', () => {
  const items = Array.from({ length: 99 }, (_, index) => `task ${index}`);
  expect(splitRequests(items.map((item) => `- ${item}`).join('\n'))).toEqual(items);
});
