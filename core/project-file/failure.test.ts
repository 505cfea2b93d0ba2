import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandFailure, classifyFailure } from './failure.ts';
import type { RetryCondition } from './plan.ts';

const failure: CommandFailure = { reason: 'exit', exitCode: 1, lastLines: [], durationMs: 1500 };

function classify(end: Partial<CommandFailure>, ...on: RetryCondition[]) {
  return classifyFailure({ limit: 1, backoffMs: 1000, on }, { ...failure, ...end });
}

describe('a failure', () => {
  it.each([
    'npm error code ECONNRESET',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'fatal: unable to access: Could not resolve host: example.com',
    'curl: (28) Operation timed out after 5000 milliseconds',
    'error: RPC failed; HTTP 502 curl 22',
    'Error: socket hang up',
    'getaddrinfo EAI_AGAIN registry',
    'Temporary failure in name resolution',
    '429 Too Many Requests',
  ])('that says “%s” passes by itself', (line) => {
    expect(classify({ lastLines: ['before', line, 'after'] }, 'transient').transient).toBe(true);
  });

  it.each([
    '502 tests passed, 1 failed',
    'AssertionError: expected 503 to be 504',
    'error TS2304: Cannot find name',
    '',
  ])('that says “%s” does not', (line) => {
    expect(classify({ lastLines: [line] }, 'transient').transient).toBe(false);
  });

  it('with exit code 75 calls itself temporary', () => {
    expect(classify({ exitCode: 75, lastLines: ['busy'] }, 'transient')).toEqual({
      transient: true,
      reason: 'exit code 75 (it calls its failure temporary): busy',
    });
  });

  it('by time-out passes, and says how long it was given', () => {
    expect(classify({ reason: 'timeout' }, 'transient')).toEqual({
      transient: true,
      reason: 'it took longer than allowed and was stopped after 2 s',
    });
  });

  it.each<[string, Partial<CommandFailure>, RetryCondition[], boolean]>([
    ['any failure', {}, ['any'], true],
    ['an exit code that is listed', { exitCode: 3 }, [2, 3], true],
    ['an exit code that is not', { exitCode: 4 }, [2, 3], false],
    ['output that is listed', { lastLines: ['the database is locked now'] }, [{ output: 'is locked' }], true],
    ['output that is not', { lastLines: ['it is open'] }, [{ output: 'is locked' }], false],
    ['nothing', { exitCode: 75 }, [], false],
    ['a cancel', { reason: 'cancelled' }, ['any'], false],
    ['a command that is not there', { reason: 'spawn_failed', message: 'no such command' }, ['any'], false],
    ['too much memory', { reason: 'memory', message: 'It held 9 GB.' }, ['any'], false],
    ['a signal', { exitCode: undefined, signal: 'SIGSEGV' }, ['transient'], false],
  ])('is tried again as the step says: %s', (_, end, on, again) => {
    expect(classify(end, ...on).transient).toBe(again);
  });

  it('has a reason in words, whatever was printed', () => {
    const lines = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('exit', 'timeout', 'memory', 'cancelled', 'spawn_failed'),
        (lastLines, reason) => {
          const said = classify({ lastLines, reason }, 'transient', { output: '(a*)*b' }).reason;
          expect(said).not.toBe('');
          expect(said.length).toBeLessThan(300);
        },
      ),
    );
  });
});
