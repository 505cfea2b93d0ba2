import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentSpec, agentSettings, agentSpecs } from '#core/agents/settings.ts';
import type { ModelRequest } from '#tests/stub-model/requests.ts';
import type { ScriptedTurn } from '#tests/stub-model/script.ts';
import { startStubModel } from '#tests/stub-model/server.ts';
import { canSandbox } from '#workers/agents/sandbox/sandbox.ts';
import { sweep } from '#workers/process/sweep.ts';
import type { MemoryTask } from '#workers/run/memory-task.ts';
import { createRunFixture, newTask, type RunFixture, step } from '#workers/run/run-fixture.ts';

// Real agents, driven by a model that follows a script. They are large, so they are installed apart: `npm ci --prefix tests/agents/installed`.

const modules = fileURLToPath(new URL('./installed/node_modules', import.meta.url));
const programs = {
  opencode: join(modules, 'opencode-linux-x64', 'bin', 'opencode'),
  claude: join(modules, '@agentclientprotocol', 'claude-agent-acp', 'dist', 'index.js'),
};

let fixture: RunFixture;
let home: string;

beforeEach(async () => {
  fixture = await createRunFixture();
  home = await mkdtemp(join(tmpdir(), 'commander-agent-home-'));
  // Where Commander is root, an agent in a sandbox is somebody else.
  await chmod(home, 0o755);
});

afterEach(async () => {
  await fixture.remove();
  await rm(home, { recursive: true, force: true });
});

interface RealAgent {
  readonly name: string;
  readonly installed: boolean;
  /** As a worker starts it, against a model at this address. */
  spec(url: string, more: object): Promise<AgentSpec>;
  /** How it calls its tools. */
  readonly shell: string;
  readonly write: (
    path: string,
    text: string,
  ) => { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };
}

function specOf(said: object): AgentSpec {
  const [spec] = agentSpecs(agentSettings.parse({ find: false, agents: { stub: { sandbox: 'off', ...said } } }));
  if (spec === undefined) throw new RangeError('the settings name one agent');
  return spec;
}

const agents: readonly RealAgent[] = [
  {
    name: 'opencode',
    installed: existsSync(programs.opencode),
    shell: 'bash',
    write: (path, text) => ({ tool: 'write', input: { filePath: path, content: text } }),
    async spec(url, more) {
      const models = { stub: { name: 'stub', tool_call: true, limit: { context: 100_000, output: 8_000 } } };
      const provider = {
        stub: { npm: '@ai-sdk/openai-compatible', options: { baseURL: `${url}/v1`, apiKey: 'none' }, models },
      };
      const file = join(home, 'opencode.json');
      const permission = { edit: 'ask', bash: 'ask' };
      await writeFile(
        file,
        JSON.stringify({ provider, model: 'stub/stub', permission, autoupdate: false, share: 'disabled' }),
      );
      return specOf({
        command: programs.opencode,
        args: ['acp'],
        env: {
          OPENCODE_CONFIG: file,
          OPENCODE_DISABLE_MODELS_FETCH: '1',
        },
        home: 'project',
        ...more,
      });
    },
  },
  {
    name: 'Claude Code',
    installed: existsSync(programs.claude),
    shell: 'Bash',
    write: (path, text) => ({ tool: 'Write', input: { file_path: path, content: text } }),
    async spec(url, more) {
      return specOf({
        command: process.execPath,
        args: [programs.claude],
        env: {
          ANTHROPIC_BASE_URL: url,
          ANTHROPIC_API_KEY: 'sk-ant-none',
          IS_SANDBOX: '1',
          DISABLE_AUTOUPDATER: '1',
          DISABLE_TELEMETRY: '1',
          DISABLE_ERROR_REPORTING: '1',
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        },
        home: 'project',
        ...more,
      });
    },
  },
];

function agentTask(): MemoryTask {
  const agent = { id: 'stub', name: 'Agent', prompt: 'Mend the login, please.' };
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
  const branch = fixture.inRepository('for-each-ref', '--format=%(refname)', 'refs/heads/commander');
  return fixture.inRepository('show', `${branch}:${path}`);
}

/** Nobody may run this without being asked. */
const risky = 'npm install left-pad --dry-run --offline; echo ran > ran.txt';

/** A real agent starts in seconds, and on a busy machine in many. */
const patience = { timeout: 180_000 };

describe.each(agents)(
  '$name (skipped where it is not installed: npm ci --prefix tests/agents/installed)',
  patience,
  (real) => {
    const runs: ScriptedTurn = { tool: real.shell, input: { command: risky, description: 'Try it' } };

    /** One run of the task against a model with this script. */
    async function work(
      task: MemoryTask,
      script: readonly ScriptedTurn[],
      more: { limits?: object; stop?: AbortController; walls?: 'sandbox'; killAt?: number } = {},
    ) {
      const model = await startStubModel(script);
      // The model is a place of this machine: the only one that the sandbox lets it reach.
      const walls =
        more.walls === undefined
          ? {}
          : { sandbox: 'required', network: [new URL(model.url).host], read: [home], processes: 2_000 };
      if (more.killAt !== undefined) void model.awaitRequest(more.killAt).then(() => sweep(task.state.run?.id ?? ''));
      if (more.stop !== undefined) void model.awaitRequest(1).then(() => more.stop?.abort('cancel'));
      const spec = await real.spec(model.url, { limits: more.limits ?? {}, ...walls });
      await fixture.run(task, { agents: [spec], ...(more.stop === undefined ? {} : { stop: more.stop }) });
      await model.close();
    }

    const wholeTask: readonly ScriptedTurn[] = [
      (request) => real.write(join(folderIn(request), 'login.txt'), 'mended\n'),
      runs,
      { tool: /report_progress$/, input: { text: 'Nearly there' } },
      { text: 'The login is mended.' },
    ];

    it.skipIf(!real.installed)(
      'edits a file, runs a command after approval, uses a tool of Commander, in a sandbox where there is one',
      async () => {
        const task = agentTask();
        approveAll(task);
        await work(task, wholeTask, canSandbox() ? { walls: 'sandbox' } : {});
        expect(task.state.failure).toBeUndefined();
        expect(task.state.status).toBe('completed');
        expect(inBranch('login.txt')).toBe('mended');
        expect(inBranch('ran.txt')).toBe('ran');
        expect(task.state.approvals.map(({ shown }) => shown)).toContain(risky);
        expect(JSON.stringify(task.reports)).toContain('Nearly there');
        expect(task.state.steps[0]?.agent?.said).toBe('The login is mended.');
        expect(task.state.steps[0]?.agent?.usage?.cost?.currency).toBe('USD');
      },
    );

    it.skipIf(!real.installed)(
      'ends while it waits for a person, and its session goes on with the approval',
      async () => {
        const task = agentTask();
        await work(task, [runs], { limits: { warm: '200ms' } });
        expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'approval' } });
        task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
        const session = task.state.steps[0]?.agent?.session;
        await work(task, [runs, { text: 'Went on.' }]);
        expect(task.state.failure).toBeUndefined();
        expect(task.state.approvals).toHaveLength(1);
        expect(task.state.steps[0]?.agent?.session).toEqual(session);
        expect(inBranch('ran.txt')).toBe('ran');
        expect(task.state.steps[0]?.agent?.said).toBe('Went on.');
      },
    );

    it.skipIf(!real.installed)(
      'is killed in the middle of its work, and goes on in its session or with a hand-over',
      async () => {
        const task = agentTask();
        approveAll(task);
        const write: ScriptedTurn = (request) => real.write(join(folderIn(request), 'half.txt'), 'half\n');
        await work(task, [write, { hang: true }], { killAt: 2 });
        expect(task.state).toMatchObject({ status: 'waiting', because: { waitingFor: 'retry' } });
        const session = task.state.steps[0]?.agent?.session;
        task.command({ type: 'retry-due' });
        let heard = '';
        const goesOn: ScriptedTurn = (request) => {
          heard = JSON.stringify(request.body);
          return { text: 'Went on.' };
        };
        await work(task, [goesOn]);
        expect(task.state.status).toBe('completed');
        const after = task.state.steps[0]?.agent;
        expect(after).toMatchObject({ said: 'Went on.' });
        // An agent that had not written its session down when it was killed gets a new one, with a hand-over; else it goes on in it.
        if (after?.session?.id === session?.id) expect(heard).toContain('half.txt');
        else expect(heard).toContain('You take over work that was begun in this folder');
        expect(inBranch('half.txt')).toBe('half');
      },
    );

    it.skipIf(!real.installed)('is cancelled while the model thinks', async () => {
      const task = agentTask();
      await work(task, [{ hang: true }], { stop: new AbortController() });
      expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
    });
  },
);

/** The work folder, as the prompt says it. */
function folderIn(request: ModelRequest): string {
  return /Your folder is ([^,]+),/.exec(JSON.stringify(request.body))?.[1] ?? '/nowhere';
}
