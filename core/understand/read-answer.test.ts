import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProjectFile } from '../project-file/check.ts';
import { fits } from '../project-file/inputs.ts';
import type { Runbook } from '../project-file/schema.ts';
import { readInputs, readPlace } from './read-answer.ts';

const checked = checkProjectFile({
  runbooks: {
    release: {
      summary: 'Releases',
      inputs: {
        version: { pattern: String.raw`\d+\.\d+\.\d+` },
        channel: { type: 'enum', options: ['stable', 'beta'] },
        count: { type: 'number' },
        title: {},
      },
      steps: [{ name: 'Do', run: 'true' }],
    },
  },
});
if (!checked.ok) throw new Error('the file is good');
const runbook: Pick<Runbook, 'inputs'> = checked.file.runbooks.release ?? { inputs: {} };

function read(wanted: readonly string[], text: string) {
  const problems = Object.fromEntries(wanted.map((name) => [name, 'is needed']));
  const place = { project: { id: 'p', name: 'shop' }, runbook: { id: 'release', name: 'Release' } };
  return readInputs(runbook, { kind: 'inputs', ...place, given: {}, problems }, text);
}

describe('an answer in words', () => {
  it.each([
    [['version'], '1.2.0', { version: '1.2.0' }],
    [['version'], '“1.2.0”.', { version: '1.2.0' }],
    [['version'], '„1.2.0“', { version: '1.2.0' }],
    [['version'], '« 1.2.0 »', { version: '1.2.0' }],
    [['version'], 'version=1.2.0', { version: '1.2.0' }],
    [['version'], 'let it be 1.2.0, please', { version: '1.2.0' }],
    [['title'], 'The big one = better', { title: 'The big one = better' }],
    [['title'], 'title="The big one"', { title: 'The big one' }],
    [['channel'], 'Beta', { channel: 'Beta' }],
    [['version', 'channel'], '1.2.0 beta', { version: '1.2.0', channel: 'beta' }],
    [['version', 'channel', 'count'], 'beta, 3 and 1.2.0', { version: '1.2.0', channel: 'beta', count: '3' }],
    [['version', 'channel'], 'the beta', { channel: 'beta' }],
    [['version'], 'soon', undefined],
    [['version', 'channel'], 'I do not know', undefined],
  ] as const)('to %j: %j gives %j', (wanted, text, given) => {
    expect(read(wanted, text)).toEqual(given);
  });

  it('gives only what is wanted and what fits, whatever is said', () => {
    const names = fc.subarray(['version', 'channel', 'count', 'title'], { minLength: 1 });
    const piece = fc.oneof(fc.string(), fc.constantFrom('1.2.0', 'beta', '7', 'version=1.2.0', 'count=x', '"', '='));
    fc.assert(
      fc.property(names, fc.array(piece, { maxLength: 8 }), (wanted, pieces) => {
        for (const [name, value] of Object.entries(read(wanted, pieces.join(' ')) ?? {})) {
          expect(wanted).toContain(name);
          const input = runbook.inputs[name];
          expect(input !== undefined && fits(input, value)).toBe(true);
        }
      }),
    );
  });
});

describe('a place in words', () => {
  const choices = ['shop', 'shopping-list', 'web'].map((label) => ({ projectId: label, label }));

  it.each([
    ['web', 'web'],
    ['in shop', 'shop'],
    ['2', 'shopping-list'],
    ['SHOPPING', 'shopping-list'],
    ['sho', undefined],
    ['none of them', undefined],
  ])('%j is %j', (text, place) => {
    expect(readPlace(choices, text)?.projectId).toBe(place);
  });
});
