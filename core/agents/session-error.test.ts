import { describe, expect, it } from 'vitest';
import { mayBeOfSession } from './session-error.ts';

const message = 'Internal error';

describe('an error in a session that was taken up', () => {
  it.each([
    ['nothing but words', { code: -32603, message }],
    ['a refused request', { code: 400, message: 'function call without response' }],
    ['Claude Code', { code: -32603, message, data: { errorKind: 'invalid_request' } }],
    ['Codex', { code: -32603, message, data: { codexErrorInfo: 'contextWindowExceeded' } }],
    ['Gemini CLI', { code: 500, message: 'Unknown stream execution error.' }],
  ])('may be of the session: %s', (_, error) => {
    expect(mayBeOfSession(error)).toBe(true);
  });

  it.each([
    ['a login', { code: -32000, message }],
    ['a limit', { code: 429, message }],
    ['a limit, by name', { code: -32603, message, data: { errorKind: 'rate_limit' } }],
    ['a login, by name', { code: -32603, message, data: { errorKind: 'authentication_failed' } }],
    ['a gateway', { code: 503, message }],
    ['Codex without a network', { code: -32603, message, data: { codexErrorInfo: { httpConnectionFailed: {} } } }],
    ['words of a network', { code: -32603, message, data: { details: 'connect ECONNREFUSED 127.0.0.1:1' } }],
  ])('is not: %s', (_, error) => {
    expect(mayBeOfSession(error)).toBe(false);
  });
});
