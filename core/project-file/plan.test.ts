import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProjectFile } from './check.ts';
import { buildPlan, planChecks } from './plan.ts';
import type { Runbook } from './schema.ts';

const release = runbookOf({
  summary: 'Releases a version',
  inputs: { version: {}, to: { default: 'main' } },
  steps: [
    { name: 'Test', run: 'npm test' },
    {
      name: 'Tag',
      why: 'So that people can get it',
      command: 'git',
      args: ['tag', 'v{{version}}', '--message={{ version }} to {{to}}'],
      env: { CI: 'true' },
      cwd: 'packages/site',
      timeout: '90s',
      retry: { limit: 3, backoff: 2, on: [75, { output: 'lock' }] },
      approve: 'It can’t be taken back',
      reversible: 'People may have it',
      safe_to_repeat: false,
      outputs: ['dist/*.zip'],
      checkpoint: 'tagged',
      expect: 'The tag exists',
    },
    { name: 'Ask', run: 'ls | wc', shell: 'bash', approve: true, reversible: false, checkpoint: true },
  ],
});

/** A runbook as its project's file would have it. */
function runbookOf(content: object): Runbook {
  const checked = checkProjectFile({ runbooks: { it: content } });
  const runbook = checked.ok ? Object.values(checked.file.runbooks)[0] : undefined;
  if (runbook === undefined) throw new Error(JSON.stringify(checked));
  return runbook;
}

describe('a plan', () => {
  const plan = buildPlan(release, { version: '1.2.0', to: 'main' });

  it('has what is not said filled in', () => {
    expect(plan[0]).toEqual({
      id: 's1',
      name: 'Test',
      argv: ['sh', '-e', '-c', 'npm test'],
      env: {},
      cwd: '.',
      timeoutMs: 1_800_000,
      retry: { limit: 0, backoffMs: 5000, on: ['transient'] },
      reversible: true,
      safeToRepeat: true,
      outputs: [],
      declaration: { name: 'Test', argv: ['sh', '-e', '-c', 'npm test'], env: {}, cwd: '.' },
    });
  });

  it('has all that is said', () => {
    expect(plan[1]).toEqual({
      id: 's2',
      name: 'Tag',
      why: 'So that people can get it',
      argv: ['git', 'tag', 'v1.2.0', '--message=1.2.0 to main'],
      env: { CI: 'true' },
      cwd: 'packages/site',
      timeoutMs: 90_000,
      retry: { limit: 3, backoffMs: 2000, on: [75, { output: 'lock' }] },
      approve: 'It can’t be taken back',
      reversible: 'People may have it',
      safeToRepeat: false,
      outputs: ['dist/*.zip'],
      checkpoint: 'tagged',
      expect: 'The tag exists',
      declaration: {
        name: 'Tag',
        argv: ['git', 'tag', 'v{{version}}', '--message={{ version }} to {{to}}'],
        env: { CI: 'true' },
        cwd: 'packages/site',
      },
    });
  });

  it('says in words what is only true or false in the file', () => {
    expect(plan[2]).toMatchObject({ checkpoint: 'Ask', argv: ['bash', '-e', '-o', 'pipefail', '-c', 'ls | wc'] });
    expect(plan[2]?.approve).toMatch(/\w/);
    expect(plan[2]?.reversible).toMatch(/\w/);
  });

  it('is data that survives storage', () => {
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('keeps every argument one argument, and reads no input as a template', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('{{to}}', '$(id)', "' '", '$&', '$1', '{{version}}', '; rm *'),
    );
    fc.assert(
      fc.property(hostile, hostile, (version, to) => {
        const [, tag] = buildPlan(release, { version, to });
        expect(tag?.argv).toEqual(['git', 'tag', `v${version}`, `--message=${version} to ${to}`]);
      }),
    );
  });

  it('puts no input into a script', () => {
    const scripted = runbookOf({
      summary: 'x',
      inputs: { version: {} },
      steps: [{ name: 'x', run: 'echo "$INPUT_VERSION"' }],
    });
    expect(buildPlan(scripted, { version: '1; id' })[0]?.argv).toEqual(['sh', '-e', '-c', 'echo "$INPUT_VERSION"']);
  });
});

describe('checks', () => {
  it('are named by themselves or by their first line', () => {
    const file = checkProjectFile({
      verify: ['npm test\nnpm run lint', { name: 'Types', command: 'npx', args: ['tsc'], timeout: 60 }],
    });
    expect(file.ok && planChecks(file.file.verify)).toEqual([
      { name: 'npm test', argv: ['sh', '-e', '-c', 'npm test\nnpm run lint'], timeoutMs: 600_000 },
      { name: 'Types', argv: ['npx', 'tsc'], timeoutMs: 60_000 },
    ]);
  });
});
