import { describe, expect, it } from 'vitest';
import { checkProjectFile } from '../project-file/check.ts';
import { understand, type World } from './understand.ts';

const steps = [{ name: 'Do', run: 'true' }];
const checked = checkProjectFile({
  runbooks: {
    test: { summary: 'Tests', aliases: ['run the tests'], steps },
    note: { summary: 'Notes', inputs: { words: { type: 'string' } }, steps },
  },
});
const runbooks = checked.ok ? checked.file.runbooks : {};
const world: World = {
  projects: [
    { id: '1', name: 'api', runbooks },
    { id: '2', name: 'broken', runbooks: {} },
  ],
};

describe('a request that names a place', () => {
  it('is for that project', () => {
    expect(understand('run the tests in api', world)).toMatchObject({ kind: 'task', projectId: '1' });
  });

  it('is for no other one when nobody knows it', () => {
    for (const text of ['run the tests in nowhere', 'run the tests on project nowhere, please'])
      expect(understand(text, world)).toEqual({ kind: 'unknown-project', named: 'nowhere', say: 'run the tests' });
  });

  it('is for no other one when nothing fits there', () => {
    expect(understand('run the tests in broken', world)).toMatchObject({ kind: 'unknown', projectId: '2' });
  });

  it('keeps the words that are for an input', () => {
    expect(understand('note lunch in Rome', world)).toMatchObject({ kind: 'task', given: { words: 'lunch in Rome' } });
  });
});
