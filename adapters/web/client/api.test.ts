import { expect, it } from 'vitest';
import { fileAddress, problemFrom } from './api.ts';

it('says what the server said', () => {
  const problem = problemFrom(413, { error: { code: 'too_large', message: 'The file is over 50 MB.' } });
  expect(problem).toMatchObject({ code: 'too_large', message: 'The file is over 50 MB.' });
});

it.each([
  [502, undefined, 'unreachable'],
  [503, '<html>', 'unreachable'],
  [403, { error: 'no' }, 'refused'],
])('takes %i with %j for %s', (status, body, code) => {
  expect(problemFrom(status, body).code).toBe(code);
});

it('escapes hostile names in addresses', () => {
  expect(fileAddress({ id: '../x', name: 'a/b?c#d"<.png' })).toBe('/api/chat/files/..%2Fx/a%2Fb%3Fc%23d%22%3C.png');
});
