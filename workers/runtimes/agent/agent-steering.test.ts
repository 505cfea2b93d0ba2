import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OtherTasks, OtherTasksRequest } from '#core/run/other-tasks.ts';
import { stepLogPlace } from '#core/run/places.ts';
import type { RunJournal } from '#core/run/run.ts';
import type { RunReport } from '#core/task/commands.ts';
import { seenEnd } from '#core/task/quiet.ts';
import {
  type AgentFixture,
  agentTask,
  createAgentFixture,
  publishing,
  saidIn,
  whenAsked,
} from '#tests/stub-agent/agent-fixture.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubAgent, toldTo } from '#tests/stub-agent/stub-agent.ts';
import type { MemoryTask } from '../../run/memory-task.ts';
import { actionsOf } from '../../run/run-fixture.ts';

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(() => fixture.remove());

/** Shows that the agent has come to a certain point: the scripts below begin or go on with it. */
const here: Step = { tool: { id: 'here', title: 'Here', kind: 'other' } };

function isHere(report: RunReport): boolean {
  return report.type === 'actions' && report.actions.some(({ text }) => text === 'Here');
}

function alive(pid: number): boolean {
  try {
    // A zombie has been ended already; it only waits to be buried.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('an agent at work', () => {
  it('is steered by what people say: its turn is broken off and goes on with it', async () => {
    const task = agentTask();
    void task.reported(isHere).then(() => task.command({ type: 'say', noteId: 'n1', kind: 'steer', text: 'use tabs' }));
    await fixture.start(task, [[here, { waitForCancel: true }], [{ say: 'with tabs' }]]);
    expect(task.state.status).toBe('completed');
    expect(task.state.notes).toMatchObject([{ id: 'n1', status: 'taken' }]);
    expect(fixture.prompts()[1]).toContain('use tabs');
  });

  it('hears what was said before it began with its task, not instead of it', async () => {
    const task = agentTask();
    task.command({ type: 'say', noteId: 'n1', kind: 'steer', text: 'use tabs' });
    await fixture.start(task, [[{ say: 'with tabs' }]]);
    expect(fixture.prompts()).toEqual([expect.stringMatching(/mend the login test.*use tabs/)]);
    expect(task.state.notes).toMatchObject([{ id: 'n1', status: 'taken' }]);
  });

  it('hears it once more where it was changed while it was handed on', async () => {
    const task = agentTask();
    const changes: MemoryTask = Object.assign(Object.create(task), {
      journal(...[runId]: Parameters<MemoryTask['journal']>): RunJournal {
        const journal = task.journal(runId);
        return {
          report(report) {
            const [note] = task.state.notes;
            if (report.type === 'note-taken' && note?.text === 'use tabs')
              task.command({ type: 'change-note', noteId: 'n1', text: 'use spaces' });
            return journal.report(report);
          },
        };
      },
    });
    void task.reported(isHere).then(() => task.command({ type: 'say', noteId: 'n1', kind: 'steer', text: 'use tabs' }));
    await fixture.start(changes, [
      [here, { waitForCancel: true }],
      [{ waitForCancel: true }],
      [{ say: 'with spaces' }],
    ]);
    expect(task.state.status).toBe('completed');
    expect(task.state.notes).toMatchObject([{ text: 'use spaces', status: 'taken' }]);
    expect(fixture.prompts()[1]).toContain('use tabs');
    expect(fixture.prompts()[2]).toMatch(/ana has changed what was said before.*use spaces/);
  });

  it('answers what is asked aside in a session of its own, which may do nothing, while the work goes on', async () => {
    const task = agentTask();
    const files = (does: string, params: object): Step => ({ inSession: { method: `fs/${does}_text_file`, params } });
    const refused: Step = { ask: { id: 'a', title: 'x', kind: 'execute', rejected: [{ say: ' (read only)' }] } };
    void task.reported(isHere).then(() => {
      task.command({ type: 'say', noteId: 'n1', kind: 'aside', text: 'which line?' });
      // It is being asked by then.
      task.command({ type: 'change-note', noteId: 'n1', text: 'which file?' });
    });
    void task
      .reported(({ type }) => type === 'note-taken')
      .then(() => task.command({ type: 'say', noteId: 'n2', kind: 'steer', text: 'finish' }));
    await fixture.start(task, [[here, { waitForCancel: true }], [{ say: 'done' }]], {
      aside: [
        { echoPrompt: true },
        refused,
        files('read', { path: '.env' }),
        files('write', { path: 'a', content: '' }),
      ],
    });
    expect(task.state.status).toBe('completed');
    const [note] = task.state.notes;
    expect(note).toMatchObject({ id: 'n1', status: 'taken' });
    expect(note?.answer).toContain('which file?');
    expect(note?.answer).not.toContain('which line?');
    expect(note?.answer).toContain('(read only){"error":-32602}{"error":-32602}');
  });

  it('is not kept from being found silent by what is answered aside meanwhile', async () => {
    const task = agentTask();
    const stop = new AbortController();
    void task.reported(isHere).then(() => task.command({ type: 'say', noteId: 'n1', kind: 'aside', text: 'and?' }));
    void task.reported(({ type }) => type === 'agent-quiet').then(() => stop.abort('cancel'));
    const aside = [{ tick: { count: 30, everyMs: 100 } }];
    const more = { aside, limits: { silence: '800ms' } };
    await fixture.start(task, [[here, { waitForCancel: true }]], more, stop);
    const order = task.reports.map(({ type }) => type).filter((type) => /^(agent-|note)/.test(type));
    expect(order).toEqual(['agent-quiet']);
  });

  it('pauses in the middle, and its session goes on when it is resumed, with what was said and asked aside meanwhile', async () => {
    const task = agentTask();
    const answered = join(fixture.home, 'answered');
    void task.reported(isHere).then(() => {
      task.command({ type: 'say', noteId: 'n1', kind: 'aside', text: 'which file?' });
      task.command({ type: 'pause' });
    });
    await fixture.start(task, [[here, { waitForCancel: true }]], { resume: true, aside: [{ hang: true }] });
    expect(task.state.status).toBe('paused');
    expect(task.state.notes).toMatchObject([{ status: 'waiting' }]);
    task.command({ type: 'say', noteId: 'n2', kind: 'steer', text: 'use tabs' });
    task.command({ type: 'resume' });
    void task.reported((report) => 'answer' in report).then(() => writeFileSync(answered, ''));
    const more = { resume: true, aside: [{ say: 'That one.' }] };
    await fixture.start(task, [[], [{ hangUntil: answered }, { say: 'went on' }]], more);
    expect(task.state.status).toBe('completed');
    expect(fixture.prompts().find((each) => each.includes('Go on with the task'))).toContain('use tabs');
    expect(task.state.notes).toMatchObject([{ status: 'taken', answer: 'That one.' }, { status: 'taken' }]);
  });

  it('is cancelled: it is told first, and nothing of it runs any more', async () => {
    const task = agentTask();
    const stop = new AbortController();
    const pidFile = join(fixture.home, 'daemon.pid');
    void task.reported(isHere).then(() => stop.abort('cancel'));
    await fixture.start(task, [[{ daemon: pidFile }, here, { waitForCancel: true }]], {}, stop);
    expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
    expect(toldTo(fixture.source).at(-1)?.method).toBe('session/cancel');
    expect(existsSync(pidFile)).toBe(true);
    expect(alive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  it('asks before it uses more than its limits', async () => {
    const task = agentTask();
    whenAsked(task, (questionId) => task.command({ type: 'answer', questionId, answer: 'go-on' }));
    const costly: Step[] = [{ usage: { used: 1, size: 2, cost: 0.2 } }, here, { waitForCancel: true }];
    await fixture.start(task, [costly, [{ say: 'cheaper' }]], { limits: { cost: 0.15 } });
    expect(task.state.questions).toMatchObject([
      { text: 'Stub has used 0.20 USD on #7; its limit is 0.15 USD. Shall it go on?', answer: 'Go on' },
    ]);
    expect(task.state.status).toBe('completed');
  });
});

describe('what an agent can ask of Commander', () => {
  const call = (tool: string, input: Record<string, unknown>): Step => ({
    mcp: { server: 'commander', tool, arguments: input },
  });

  it('shows progress, asks people, and publishes a file', async () => {
    const task = agentTask();
    void task
      .reported(({ type }) => type === 'asks-question')
      .then((report) =>
        task.command({ type: 'answer', questionId: 'askId' in report ? report.askId : '', answer: '2' }),
      );
    void task
      .reported(({ type }) => type === 'asks-permission')
      .then((report) => task.command({ type: 'approve', approvalId: 'askId' in report ? report.askId : '' }));
    await fixture.start(task, [
      [
        call('report_progress', { text: 'Measuring' }),
        call('ask_person', { question: 'Which one?', options: ['the red', 'the blue'] }),
        { say: ' ' },
        call('request_approval', { action: 'Write to the customers', reason: 'they wait' }),
        { write: { path: 'report.txt', text: 'measured' } },
        call('publish_output', { path: 'report.txt' }),
        call('publish_output', { path: '/etc/passwd' }),
      ],
    ]);
    expect(task.state.status).toBe('completed');
    expect(actionsOf(task)).toContainEqual(['Measuring', undefined]);
    expect(task.state.outputs.map(({ name }) => name)).toEqual(['report.txt']);
    const said = saidIn(task) ?? '';
    expect(said).toContain('the blue Approved.');
    expect(said).toContain('it lies outside of the work folder');
  });

  it('writes nowhere through a link that it put where a published file goes, and publishes nothing that is too large', async () => {
    const task = agentTask();
    const outside = join(fixture.source, '..', 'outside');
    writeFileSync(outside, 'untouched');
    const sparse = 'truncate -s 200M large && ln -s "$0" "$COMMANDER_OUTPUTS/report.txt"';
    await fixture.start(task, [
      [
        { run: ['sh', '-c', sparse, outside] },
        { write: { path: 'report.txt', text: 'by the agent' } },
        call('publish_output', { path: 'report.txt' }),
        call('publish_output', { path: 'large' }),
        { run: ['rm', 'large'] },
      ],
    ]);
    expect(readFileSync(outside, 'utf8')).toBe('untouched');
    expect(task.state.outputs).toMatchObject([{ name: 'report.txt', size: 12 }]);
    expect(saidIn(task)).toContain('it is larger than 105 MB');
  });

  it('asks for other tasks as a person would, after a person has seen the request or the policy allows it', async () => {
    const wanted: OtherTasksRequest[] = [];
    const otherTasks = async (request: OtherTasksRequest) => {
      wanted.push(request);
      if (request.type === 'newest-mail') return '0';
      return request.type === 'find-made' ? '' : `${request.type}.`;
    };
    const script: Script = [
      [
        call('list_tasks', {}),
        call('status', { task: 3 }),
        call('create_task', { request: 'mend the docs' }),
        call('send_message', { task: 3, text: 'the port is 8080' }),
        call('inbox', {}),
      ],
    ];
    const agents = [stubAgent(fixture.source, script)];
    const denied = agentTask();
    whenAsked(denied, (approvalId) => denied.command({ type: 'deny', approvalId }));
    await fixture.run(denied, { agents, otherTasks });
    expect(denied.state.approvals).toMatchObject([{ shown: 'mend the docs', status: 'denied' }]);
    expect(saidIn(denied)).toBe('command.command.Denied.send-message.inbox.');
    const allowed = agentTask();
    await fixture.run(allowed, { agents, otherTasks, policy: [{ kind: 'create_task', decide: 'allow' }] });
    expect(allowed.state.approvals).toEqual([]);
    expect(saidIn(allowed)).toBe('command.command.create-task.send-message.inbox.');
    expect(wanted).toContainEqual({ type: 'command', command: 'status', values: { task: 3 } });
    const repeated = agentTask();
    const madeBefore: OtherTasks = async (request) =>
      request.type === 'find-made' ? 'Made before.' : otherTasks(request);
    await fixture.run(repeated, { agents, otherTasks: madeBefore });
    expect(repeated.state.approvals).toEqual([]);
    expect(saidIn(repeated)).toBe('command.command.Made before.send-message.inbox.');
    const forbidden = agentTask();
    await fixture.run(forbidden, {
      agents,
      otherTasks,
      policy: [{ kind: ['commander', 'create_task'], decide: 'deny' }],
    });
    expect(saidIn(forbidden)).toBe(
      `${'Denied, for a rule of the operator forbids it. Do not try it in another way.'.repeat(3)}send-message.inbox.`,
    );
    expect(wanted).toContainEqual({ type: 'create-task', request: 'mend the docs' });
    expect(wanted).toContainEqual({ type: 'send-message', to: 3, text: 'the port is 8080' });
  });
});

describe('mail of the agents of other tasks', () => {
  /** A mailbox with this in it. */
  function mailbox(first: string): { readonly otherTasks: OtherTasks; readonly send: (text: string) => void } {
    const mail = [first];
    return {
      send: (text) => void mail.push(text),
      otherTasks: async (request) => {
        if (request.type === 'newest-mail') return String(mail.length);
        const { after, upTo } = request.type === 'inbox' ? request : {};
        return mail
          .slice(after, upTo)
          .reverse()
          .map((text) => `> mail ${text}`)
          .join('\n');
      },
    };
  }

  /** The mail in each of its prompts. */
  const heard = () => fixture.prompts().map((each) => [...each.matchAll(/> mail (\w+)/g)].map(([, word]) => word));

  it('is heard at the beginning, and what comes later before the work is done, each once', async () => {
    const { otherTasks, send } = mailbox('one');
    const task = agentTask();
    void task.reported(isHere).then(() => send('two'));
    await fixture.run(task, { agents: [stubAgent(fixture.source, [[here, { echoPrompt: true }]])], otherTasks });
    expect(heard()).toEqual([['one'], ['two']]);
    expect(task.state.status).toBe('completed');
  });

  it('is not heard again when the session goes on in another process, but is when it goes on in a new one', async () => {
    const { otherTasks, send } = mailbox('one');
    const task = agentTask();
    const parked = async (command: string, more: object = {}) => {
      const script: Script = [[{ ask: { ...publishing, rawInput: { command } } }]];
      const agent = stubAgent(fixture.source, script, { resume: true, limits: { warm: '50ms' }, ...more });
      await fixture.run(task, { agents: [agent], otherTasks });
      task.command({ type: 'deny', approvalId: task.state.approvals.at(-1)?.id ?? '' });
    };
    await parked('npm publish a');
    send('two');
    await parked('npm publish b');
    await parked('npm publish c');
    await parked('npm publish d', { forgets: true });
    expect(heard()).toEqual([['one'], ['two'], [], ['two', 'one']]);
  });
});

describe('an agent that misbehaves', () => {
  it('hangs: it is said, and then it is stopped', async () => {
    const task = agentTask();
    await fixture.start(task, [[{ hang: true }]], { limits: { silence: '150ms' } });
    expect(task.state.failure).toContain('gave no sign of life');
    expect(task.reports.map(({ type }) => type)).toContain('agent-quiet');
    expect(task.state.steps[0]?.agent?.quiet).not.toHaveProperty('movedAt');
  });

  it('hangs, and somebody wants to wait: it gets the same time again, and goes on when it moves', async () => {
    const task = agentTask();
    const moves = join(fixture.home, 'moves');
    void task
      .reported(({ type }) => type === 'agent-quiet')
      .then(async () => {
        const spell = task.state.steps[0]?.agent?.quiet;
        if (spell === undefined) throw new Error('it is not said that it is quiet');
        task.command({ type: 'wait', seen: seenEnd(spell) });
        // It moves only after the moment at which it would have been stopped.
        await passing(Date.parse(spell.until) + 100 - Date.now());
        writeFileSync(moves, '');
      });
    await fixture.start(task, [[{ hangUntil: moves }, { say: 'There it is.' }]], { limits: { silence: '1s' } });
    expect(saidIn(task)).toBe('There it is.');
    expect(task.state.steps[0]?.agent?.quiet).toMatchObject({
      given: { times: 1, by: 'ana' },
      movedAt: expect.any(String),
    });
  });

  it('forgets that it was cancelled: it is ended all the same', async () => {
    const task = agentTask();
    const stop = new AbortController();
    void task.reported(isHere).then(() => stop.abort('cancel'));
    await fixture.start(task, [[here, { hang: true }]], { limits: { silence: '1s' } }, stop);
    expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
  });

  it('says things that are no protocol, or of another one, and goes on', async () => {
    const task = agentTask();
    await fixture.start(task, [
      [{ garbage: 'npm WARN' }, { unknownUpdate: true }, { stderr: 'debug' }, { say: 'done' }],
    ]);
    expect(task.state.status).toBe('completed');
  });

  it('leaves a daemon behind: it ends with the agent, also when all went well', async () => {
    const task = agentTask();
    const pidFile = join(fixture.home, 'daemon.pid');
    await fixture.start(task, [[{ daemon: pidFile }, { say: 'done' }]]);
    expect(task.state.status).toBe('completed');
    expect(alive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  it('complains on its error output: that is kept for Details, and shown nowhere else', async () => {
    const task = agentTask();
    await fixture.start(task, [[{ stderr: 'deprecated: something' }, { say: 'done' }]]);
    const place = stepLogPlace({ taskNumber: task.state.number, round: 1, stepId: 's1', attempt: 1 });
    expect(readFileSync(join(fixture.home, place), 'utf8')).toContain('deprecated: something');
    expect(JSON.stringify(task.reports)).not.toContain('deprecated');
  });

  it('floods: only the newest is shown', async () => {
    const task = agentTask();
    await fixture.start(task, [[{ flood: 100_000 }]]);
    expect(task.state.status).toBe('completed');
    expect(task.reports.length).toBeLessThan(50);
  });

  it('says more at once than a message may hold', async () => {
    const task = agentTask();
    await fixture.start(task, [[{ huge: 40 * 1024 * 1024 }]]);
    expect(task.state.status).toBe('failed');
    expect(task.state.failure).toMatch(/too large|exceed|limit/i);
  });

  it('changes what it asked: it is asked again', async () => {
    const task = agentTask();
    const ask = (command: string): Step => ({ ask: { id: '1', title: 'Run', kind: 'execute', rawInput: { command } } });
    const decided: string[] = [];
    whenAsked(task, (approvalId) => {
      decided.push(approvalId);
      task.command({ type: 'approve', approvalId });
    });
    await fixture.start(task, [[ask('npm publish'), ask('npm publish --force')]]);
    expect(task.state.approvals.map(({ shown }) => shown)).toEqual(['npm publish', 'npm publish --force']);
    expect(decided).toHaveLength(2);
  });

  it('wants files outside of its folder: it gets none', async () => {
    const task = agentTask();
    await fixture.start(task, [[{ read: { path: '/etc/passwd' } }]]);
    expect(task.state.failure).toContain('is not a file of the work folder');
    const other = agentTask();
    await fixture.start(other, [[{ write: { path: '../outside.txt', text: 'x', via: 'client' } }]]);
    expect(other.state.failure).toContain('is not a file of the work folder');
    const hidden = agentTask();
    await fixture.start(hidden, [[{ write: { path: '.git/hooks/pre-commit', text: 'x', via: 'client' } }]]);
    expect(hidden.state.failure).toContain('is not a file of the work folder');
  });

  it('gets only the secrets that it is granted, and shows none of them', async () => {
    process.env.STUB_TEST_SECRET = 'correct-horse-battery';
    process.env.STUB_OTHER_SECRET = 'not-for-you';
    const task = agentTask();
    await fixture.start(task, [[{ env: 'STUB_TEST_SECRET' }, { say: ' ' }, { env: 'STUB_OTHER_SECRET' }]], {
      secrets: ['STUB_TEST_SECRET'],
    });
    expect(saidIn(task)).toBe('[secret STUB_TEST_SECRET] unset');
    expect(JSON.stringify(task.reports)).not.toContain('correct-horse');
    delete process.env.STUB_TEST_SECRET;
    delete process.env.STUB_OTHER_SECRET;
  });
});
