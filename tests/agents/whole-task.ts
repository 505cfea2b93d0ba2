import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AgentSpec, agentSettings, agentSpecs } from '#core/agents/settings.ts';
import { sandboxMissing } from '#tests/missing.ts';
import type { ModelRequest } from '#tests/stub-model/requests.ts';
import type { ScriptedTurn } from '#tests/stub-model/script.ts';
import { startStubModel } from '#tests/stub-model/server.ts';
import type { ModelTurn } from '#tests/stub-model/turns.ts';
import { sweep } from '#workers/process/sweep.ts';
import type { MemoryTask } from '#workers/run/memory-task.ts';
import { createRunFixture, newTask, type RunFixture, step } from '#workers/run/run-fixture.ts';

/** A real agent, driven by a model that follows a script. */
export interface RealAgent {
  /** As in the catalogue, whose entry then counts. */
  readonly id: string;
  readonly name: string;
  readonly installed: boolean;
  /** Its settings, for a model at this address; `home` is a folder of its own. */
  settings(url: string, home: string): object | Promise<object>;
  /** How its model calls its tools. */
  readonly run: (command: string) => ModelTurn;
  readonly write: (path: string, text: string) => ModelTurn;
  readonly read: (path: string) => ModelTurn;
  readonly edit: (path: string, before: string, after: string) => ModelTurn;
  readonly report: (text: string) => readonly ModelTurn[];
  /** In which it says what it costs; absent: it does not say. */
  readonly currency?: string;
  /** Files of a project that would have it do all unasked. */
  readonly allowsItself?: Readonly<Record<string, string>>;
  /** It keeps no session in which it has done nothing yet, and not each that was killed: its work goes on in a new one, with a hand-over. */
  readonly forgets?: 'first turn';
}

let fixture: RunFixture;
let home: string;
/** Of all models so far: some agents take a tool call with the id of an earlier one for the same. */
let answers = 0;

/** Nobody may run these without being asked. */
const risky = 'npm install left-pad --dry-run --offline; echo ran > ran.txt';
const riskyToo = 'npm install right-pad --dry-run --offline; echo ran > ran-too.txt';

/** A real agent starts in seconds, and on a busy machine in many. */
const patience = { timeout: 300_000 };

/**
 * A whole task of a real agent, in as few starts as it takes, for these cost most: it is parked, works, is killed and goes on; another
 * one is cancelled. `how` says how it is installed; `sandbox` whether only its
 * work is done in one, with a home of the project, or all, with the worker's home.
 */
export function describeWholeTask(agents: readonly RealAgent[], how: string, sandbox: 'once' | 'always'): void {
  describe.each(agents)(`$name (skipped where it is not installed: ${how})`, patience, (real) => {
    beforeEach(async () => {
      fixture = await createRunFixture();
      home = await mkdtemp(join(tmpdir(), 'commander-agent-home-'));
      // Where Commander is root, an agent in a sandbox is somebody else.
      await chmod(home, 0o755);
      if (sandbox === 'always') vi.stubEnv('HOME', home);
    });

    afterEach(async () => {
      vi.unstubAllEnvs();
      await fixture.remove();
      await rm(home, { recursive: true, force: true });
    });

    const runs = real.run(risky);
    const walled: Around = sandboxMissing() ? {} : { walls: 'sandbox' };
    const usual: Around = sandbox === 'always' ? { settings: { home: 'worker' }, ...walled } : {};
    const inSandbox: Around = { ...usual, ...walled };
    const write =
      (path: string, text: string): ScriptedTurn =>
      (request) =>
        real.write(join(folderIn(request), path), text);
    const keepsSessions = real.forgets === undefined;
    let hasRead = '';
    const worksOn: readonly ScriptedTurn[] = [
      runs,
      write('login.txt', 'mended\n'),
      (request) => real.read(join(folderIn(request), 'README.md')),
      (request) => {
        hasRead = JSON.stringify(request.body);
        return real.edit(join(folderIn(request), 'README.md'), '# Demo', '# Mended');
      },
      real.run(riskyToo),
      ...real.report('Nearly there'),
      write('half.txt', 'half\n'),
      { hang: true },
    ];

    it.skipIf(!real.installed)(
      'ends while it waits for a person, goes on with the approval, works in a sandbox where there is one, is killed, and completes',
      async () => {
        for (const [path, text] of Object.entries(real.allowsItself ?? {})) await fixture.commitInSource(path, text);
        const task = agentTask(real);
        const agent = () => task.state.steps[0]?.agent;

        await work(real, task, [runs], { ...inSandbox, limits: { warm: '200ms' } });
        expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'approval' } });
        task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
        const parked = agent()?.session;

        approveAll(task);
        await work(real, task, worksOn, { ...inSandbox, killAt: worksOn.length });
        expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
        const killed = agent()?.session;
        expect(killed?.id === parked?.id).toBe(keepsSessions);
        expect(hasRead).toContain('# Demo');
        // One that reads by commands is asked for these too: what names a file that is not to be edited unasked may edit it.
        const asked = task.state.approvals.map(({ shown }) => shown).filter((shown) => !shown.startsWith('cat '));
        expect(asked).toEqual([
          risky,
          expect.stringMatching(/README\.md\n-# Demo\n(-\n)?\+# Mended(\n\+)?$/),
          riskyToo,
        ]);
        expect(JSON.stringify(task.reports)).toContain('Nearly there');

        task.command({ type: 'retry-due' });
        let heard = '';
        const goesOn: ScriptedTurn = (request) => {
          heard = JSON.stringify(request.body);
          return { text: 'Went on.' };
        };
        await work(real, task, [goesOn], inSandbox);
        expect(task.state.failure).toBeUndefined();
        expect(task.state.status).toBe('completed');
        expect(agent()?.said).toBe('Went on.');
        expect(agent()?.usage?.cost?.currency).toBe(real.currency);
        const remembers = agent()?.session?.id === killed?.id;
        if (keepsSessions) expect(remembers).toBe(true);
        // Of its session it knows what it did some steps before the kill, whatever it had not written down of the last one.
        expect(heard).toContain(remembers ? '# Mended' : 'You take over work that was begun in this folder');
        const written = ['login.txt', 'README.md', 'ran.txt', 'ran-too.txt', 'half.txt'];
        expect(written.map(inBranch)).toEqual(['mended', '# Mended', 'ran', 'ran', 'half']);
        expect(fixture.inRepository('ls-tree', '-r', '--name-only', branchOf())).not.toContain('hooked.txt');
      },
    );

    it.skipIf(!real.installed)('is cancelled while the model thinks', async () => {
      const task = agentTask(real);
      await work(real, task, [{ hang: true }], { ...usual, stop: new AbortController() });
      expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
    });
  });
}

interface Around {
  readonly settings?: object;
  readonly limits?: object;
  readonly stop?: AbortController;
  readonly walls?: 'sandbox';
  /** Its processes are killed when the model gets this request, counted from 1. */
  readonly killAt?: number;
}

/** One run of the task against a model with this script. */
async function work(
  real: RealAgent,
  task: MemoryTask,
  script: readonly ScriptedTurn[],
  { settings = {}, limits = {}, stop, walls, killAt }: Around,
): Promise<void> {
  const model = await startStubModel(script, { earlier: answers });
  answers += script.length;
  // Files of its settings lie there, unless it is the home, of which a sandbox shows its own.
  const reads = process.env.HOME === home ? [] : [home];
  // The model is a place of this machine: the only one that the sandbox lets it reach.
  const sandbox =
    walls === undefined
      ? { sandbox: 'off' }
      : { sandbox: 'required', network: [new URL(model.url).host], read: reads, processes: 2_000 };
  if (killAt !== undefined) void model.awaitRequest(killAt).then(() => sweep(task.state.run?.id ?? ''));
  if (stop !== undefined) void model.awaitRequest(1).then(() => stop.abort('cancel'));
  const said = { home: 'project', ...(await real.settings(model.url, home)), ...settings, limits, ...sandbox };
  await fixture.run(task, { agents: [specOf(real.id, said)], ...(stop === undefined ? {} : { stop }) });
  await model.close();
}

function specOf(id: string, said: object): AgentSpec {
  const [spec] = agentSpecs(agentSettings.parse({ find: false, agents: { [id]: said } }));
  if (spec === undefined) throw new RangeError('the settings name one agent');
  return spec;
}

function agentTask({ id, name }: RealAgent): MemoryTask {
  const policy = [{ path: 'README.md', kind: 'edit', decide: 'ask' }] as const;
  const agent = { id, name, prompt: 'Mend the login, please.', policy };
  const retry = { limit: 1, backoffMs: 1, on: ['transient'] } as const;
  return newTask([step('s1', [], { agent, steerable: true, checkpoint: 'Done', retry })]);
}

/** Approves everything that is asked, as often as it is asked. */
function approveAll(task: MemoryTask): void {
  void task
    .reported(({ type }) => type === 'asks-permission')
    .then((report) => {
      approveAll(task);
      task.command({ type: 'approve', approvalId: 'askId' in report ? report.askId : '' });
    });
}

function inBranch(path: string): string {
  return fixture.inRepository('show', `${branchOf()}:${path}`);
}

function branchOf(): string {
  return fixture.inRepository('for-each-ref', '--format=%(refname)', 'refs/heads/commander');
}

/** The work folder, as the prompt says it. */
function folderIn(request: ModelRequest): string {
  return /Your folder is ([^,]+),/.exec(JSON.stringify(request.body))?.[1] ?? '/nowhere';
}
