import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { show } from '#core/show/task.ts';
import { changedStretches } from '#core/task/stretches.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { createRunFixture, newTask, type RunFixture, step, verify } from '../../run/run-fixture.ts';
import { diff } from '../../workspace/diff.ts';

/** Runs with other words, cuts and spellings; more of them where somebody has the time. */
const rounds = Number(process.env.SECRET_RUNS ?? 1);

const secret = 'gh+p/9 "Zq=7k~Hunter2';
const spellings: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => Buffer.from(value).toString('base64'),
  (value) => Buffer.from(`user:${value}`).toString('base64'),
  (value) => Buffer.from(value).toString('hex'),
  (value) => encodeURIComponent(value),
  (value) => JSON.stringify(value),
  (value) => [...value].map((each) => `${each}\u001b[0m`).join(''),
];
/** Parts of the secret that nobody could have written by chance. */
const traces = [
  secret.slice(4),
  secret.slice(0, -6),
  ...spellings.slice(1, 5).map((spell) => spell(secret).slice(3, -6)),
];

let fixture: RunFixture;

beforeEach(async () => {
  process.env.STUB_TOKEN = secret;
  fixture = await createRunFixture();
});

afterEach(async () => {
  delete process.env.STUB_TOKEN;
  await fixture.remove();
});

/** Text with the secret in it, so long that it is cut somewhere, in the secret at times. */
const leak = fc.record({ before: fc.nat({ max: 160 }), spell: fc.constantFrom(...spellings) });
type Leak = { before: number; spell: (value: string) => string };

function words({ before, spell }: Leak): string {
  return `${'x'.repeat(before)} ${spell(secret)} ${'y'.repeat(200)}`;
}

/** An agent that says its secret in every way in which an agent can say something. */
function leaky([a, b, c, d]: readonly Leak[], cuts: readonly number[]): Script {
  const [one = '', two = '', three = '', four = ''] = [a, b, c, d].map((each) =>
    each === undefined ? '' : words(each),
  );
  const edges = [0, ...[...cuts].sort((x, y) => x - y).map((cut) => cut % one.length), one.length].sort(
    (x, y) => x - y,
  );
  const pieces: Step[] = edges.slice(1).map((edge, index) => ({ say: one.slice(edges[index], edge) }));
  const commander = (tool: string, input: object): Step => ({
    mcp: { server: 'commander', tool, arguments: { ...input } },
  });
  return [
    [
      { plan: [{ content: two, status: 'in_progress' }] },
      {
        tool: { id: '1', title: three, kind: 'execute', rawInput: { command: `echo ${four}` }, status: 'in_progress' },
      },
      { tool: { id: '2', title: two, kind: 'edit', paths: [`src/${secret}.ts`] } },
      {
        ask: { id: '3', title: two, kind: 'execute', rawInput: { command: `publish '${three}' ${'z'.repeat(3000)}` } },
      },
      { elicit: { message: two, properties: { x: { type: 'string', title: three } } } },
      commander('report_progress', { text: three }),
      commander('request_approval', { action: `deploy ${four}`, reason: two }),
      { write: { path: 'config.txt', text: one } },
      { write: { path: 'binary.bin', text: `\u0000\u0001${two}` } },
      { write: { path: `${secret}.txt`, text: 'x' } },
      { write: { path: 'fine.txt', text: 'nothing' } },
      { run: ['sh', '-c', 'cp config.txt "$COMMANDER_OUTPUTS/report.txt"; echo ok > "$COMMANDER_OUTPUTS/ok.txt"'] },
      { stderr: two },
      ...pieces,
    ],
  ];
}

/** Everything that is kept below a folder, packed git objects unpacked. */
function keptBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files
    .filter(({ parentPath }) => !/\/(work|homes)\//.test(`${parentPath}/`))
    .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'latin1')}`)
    .join('\n');
}

function inGit(directory: string): string {
  const options = [`--git-dir=${directory}`, 'log', '--all', '-p', '--text', '--format=%B'];
  return execFileSync('git', options, { encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 });
}

describe('a secret that an agent was given', () => {
  it(
    'is in nothing that is shown or kept, however it is said and wherever it is cut',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(leak, { minLength: 4, maxLength: 4 }),
          fc.array(fc.nat({ max: 400 }), { maxLength: 5 }),
          async (leaks, cuts) => {
            const agent = { id: 'stub', name: 'Stub', prompt: 'do it' };
            const task = newTask(
              [step('s1', [], { agent, steerable: true, outputs: ['config.txt'], checkpoint: 'Done' })],
              {
                verify: [verify('look', ['sh', '-c', 'cat *'])],
              },
            );
            task.onChange(() => {
              const approval = task.state.approvals.find(({ status }) => status === 'open');
              if (approval !== undefined) task.command({ type: 'approve', approvalId: approval.id });
              const question = task.state.questions.find(({ status }) => status === 'open');
              if (question !== undefined) task.command({ type: 'answer', questionId: question.id, answer: 'no' });
            });
            const more = { secrets: ['STUB_TOKEN'] };
            await fixture.run(task, { agents: [stubAgent(fixture.source, leaky(leaks, cuts), more)] });
            const broken = newTask([step('s1', [], { agent, steerable: true })]);
            const error = {
              error: { code: -32603, message: words(leaks[2] ?? { before: 0, spell: (value) => value }) },
            };
            // Its script holds the secret, and lies where nothing is kept.
            await fixture.run(broken, { agents: [stubAgent(fixture.source, [[error]], more)] });
            const out = [
              JSON.stringify([task.reports, broken.reports]),
              JSON.stringify(task.state),
              JSON.stringify(show(task.state)),
              keptBelow(fixture.home),
              inGit(join(fixture.home, 'repositories/demo.git')),
            ];
            for (const text of out) for (const trace of traces) expect(text.includes(trace), trace).toBe(false);
            // What was read as a test of nothing would pass as well.
            expect(task.state.approvals.length).toBeGreaterThan(1);
            expect(broken.state.status).toBe('failed');
            expect(task.state.outputs.map(({ name }) => name)).toEqual(['ok.txt']);
            expect(JSON.stringify(task.reports)).toContain('Not kept: it holds the secret STUB_TOKEN');
            expect(JSON.stringify(task.reports)).toContain('Not kept: its name holds the secret STUB_TOKEN');
            await fixture.remove();
            fixture = await createRunFixture();
          },
        ),
        { numRuns: rounds },
      );
    },
    60_000 + rounds * 20_000,
  );
});

describe('a secret that the project held before an agent was given it', () => {
  it('is in no diff of the work: not in lines that go, nor around those that change, nor in names', async () => {
    const named = `${Buffer.from(secret).toString('hex')}.txt`;
    await fixture.commitInSource('config.txt', `first\ntoken: ${secret}\nlast\n`);
    await fixture.commitInSource('gone.txt', `${Buffer.from(secret).toString('base64')}\n`);
    await fixture.commitInSource('moved.txt', `${'line\n'.repeat(20)}${secret}\n`);
    await fixture.commitInSource(named, 'plain\n');
    const agent = { id: 'stub', name: 'Stub', prompt: 'do it' };
    const task = newTask([
      step('s1', [], { agent, steerable: true, checkpoint: 'Cleaned' }),
      step('s2', ['sh', '-c', 'echo more >> ok.txt'], { checkpoint: 'Went on' }),
    ]);
    const clean = `echo first > config.txt; rm gone.txt ${named}; grep line moved.txt > elsewhere.txt; rm moved.txt; echo ok > ok.txt`;
    const script = [[{ run: ['sh', '-c', clean] }, { say: 'cleaned' }]];
    await fixture.run(task, { agents: [stubAgent(fixture.source, script, { secrets: ['STUB_TOKEN'] })] });
    expect(task.state.status).toBe('completed');

    const directory = join(fixture.home, 'repositories/demo.git');
    const source = { projectId: 'demo', kind: 'repository', location: fixture.source, directory } as const;
    const { base = '', head = '', withheld: withhold } = task.state.workspace ?? {};
    const all = await diff(source, base, head);
    expect(all.patch).toContain(secret);
    const shown = await diff(source, base, head, { withhold });
    const parts = await Promise.all(
      changedStretches(task.state).map(({ from, to }) => diff(source, from, to, { withhold })),
    );
    const out = JSON.stringify([shown, parts, task.state, show(task.state), task.reports]);
    for (const trace of traces) expect(out.includes(trace), trace).toBe(false);
    expect(shown.withheld).toBe(4);
    expect(shown.patch).toContain('+more');
    expect(task.state.changes?.files.map(({ path }) => path)).toEqual(['ok.txt']);
    expect(task.state.changes?.more).toBe(4);
  });
});
