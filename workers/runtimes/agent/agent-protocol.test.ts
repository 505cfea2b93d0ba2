import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '#core/agents/settings.ts';
import { blobPlace } from '#core/run/places.ts';
import { filesHeard } from '#core/task/said-files.ts';
import type { TaskAttachment } from '#core/task/understanding.ts';
import {
  type AgentFixture,
  agentTask,
  createAgentFixture,
  publishing,
  saidIn,
  whenAsked,
} from '#tests/stub-agent/agent-fixture.ts';
import type { Script, Step } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import type { MemoryTask } from '../../run/memory-task.ts';
import { actionsOf } from '../../run/run-fixture.ts';

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(() => fixture.remove());

type More = Parameters<AgentFixture['start']>[2];

async function run(script: Script, more: More = {}, task = agentTask(), stop?: AbortController): Promise<MemoryTask> {
  await fixture.start(task, script, more, stop);
  return task;
}

describe('the beginning', () => {
  it('says what Commander can do, and what it can not', async () => {
    await run([[]]);
    expect(fixture.told('initialize')).toMatchObject([
      {
        protocolVersion: 1,
        clientInfo: { name: 'commander' },
        clientCapabilities: {
          fs: { readTextFile: true, writeTextFile: true },
          terminal: false,
          session: { notices: {}, compaction: {}, configOptions: { boolean: {} } },
          elicitation: { form: {} },
        },
      },
    ]);
    expect(JSON.stringify(fixture.told('initialize'))).not.toContain('"url"');
  });

  it('gives the session its folder and the tools of Commander, and offers no files to who reads them itself', async () => {
    await fixture.run(agentTask(), { agents: [{ ...stubAgent(fixture.source, [[]]), reads: 'itself' }] });
    expect(fixture.told('initialize')).toMatchObject([
      { clientCapabilities: { fs: { readTextFile: false, writeTextFile: true } } },
    ]);
    expect(fixture.told('session/new')).toMatchObject([
      { cwd: expect.stringContaining('/'), mcpServers: [{ name: 'commander' }] },
    ]);
  });

  it.each(['initialize', 'session/new'])('does not wait for ever for an answer to %s', async (silentAt) => {
    const task = await run([[]], { silentAt, limits: { start: '1s' } });
    expect(task.state.failure).toContain('Stub did not open a session: it gave no sign of life');
  });

  it('can be cancelled while the agent starts', async () => {
    const task = agentTask();
    const stop = new AbortController();
    void task
      .reported((report) => report.type === 'actions' && report.actions.some(({ text }) => text.startsWith('Starting')))
      .then(() => stop.abort('cancel'));
    await run([[]], { silentAt: 'session/new' }, task, stop);
    expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
  });

  it('tells the agent at the end that its session is not needed any more, where it wants to know', async () => {
    await run([[]], { close: true });
    expect(fixture.told('session/close')).toHaveLength(1);
    await run([[]]);
    expect(fixture.told('session/close')).toHaveLength(1);
  });
});

describe('modes, models and options', () => {
  const model = {
    id: 'model',
    name: 'Model',
    category: 'model',
    type: 'select',
    currentValue: 'small-1',
    options: [
      {
        group: 'g',
        name: 'All',
        options: [
          { value: 'small-1', name: 'Small' },
          { value: 'large-1', name: 'Large' },
        ],
      },
    ],
  };
  const fast = { id: 'fast', name: 'Fast', type: 'boolean', currentValue: false };

  it('are set as the settings want them, by their ids or names', async () => {
    const set = { model: 'large', mode: 'careful', options: { fast: true } };
    const more = { modes: ['usual', 'careful'], configOptions: [model, fast], said: set };
    expect((await run([[]], more)).state.status).toBe('completed');
    expect(fixture.told('session/set_config_option')).toMatchObject([
      { configId: 'model', value: 'large-1' },
      { configId: 'fast', type: 'boolean', value: true },
    ]);
    expect(fixture.told('session/set_mode')).toMatchObject([{ modeId: 'careful' }]);
  });

  it('are left alone where they are so already, and set again in a session that is taken up', async () => {
    const set = { mode: 'usual', model: 'Small' };
    const more = { modes: ['usual'], configOptions: [model], resume: true, said: set, limits: { warm: '50ms' } };
    const task = await run([[{ ask: publishing }], [{ say: 'done' }]], more);
    expect(fixture.told('session/set_mode')).toEqual([]);
    task.command({ type: 'approve', approvalId: task.state.approvals[0]?.id ?? '' });
    await run([[{ ask: publishing }], [{ say: 'done' }]], { ...more, said: { ...set, model: 'large-1' } }, task);
    expect(fixture.told('session/set_config_option')).toMatchObject([{ configId: 'model', value: 'large-1' }]);
  });

  it('come from the option for modes where the agent has no modes', async () => {
    const mode = {
      ...model,
      id: 'how',
      category: 'mode',
      currentValue: 'a',
      options: [
        { value: 'a', name: 'A' },
        { value: 'b', name: 'B' },
      ],
    };
    await run([[]], { configOptions: [mode], said: { mode: 'b' } });
    expect(fixture.told('session/set_config_option')).toMatchObject([{ configId: 'how', value: 'b' }]);
  });

  it('are set back when the agent leaves the one in which it asks, and left when it only looks', async () => {
    const to = (currentModeId: string): Step => ({ update: { sessionUpdate: 'current_mode_update', currentModeId } });
    const mode = {
      ...model,
      id: 'how',
      category: 'mode',
      currentValue: 'bold',
      options: [{ value: 'bold', name: 'B' }],
    };
    const option: Step = { update: { sessionUpdate: 'config_option_update', configOptions: [mode] } };
    const [first, second] = ['first', 'second'].map((name) => join(fixture.home, name));
    const script = [
      [to('plan'), to('careful'), to('bold'), { hangUntil: first ?? '' }, option, { hangUntil: second ?? '' }],
    ];
    const stub = stubAgent(fixture.source, script, { modes: ['careful', 'bold', 'plan'], configOptions: [mode] });
    const task = agentTask();
    const setBack = () =>
      task.reported(
        (report) => report.type === 'actions' && report.actions.some(({ text }) => text.endsWith('was set back')),
      );
    void setBack().then(async () => {
      void setBack().then(() => writeFile(second ?? '', ''));
      await writeFile(first ?? '', '');
    });
    await fixture.run(task, { agents: [{ ...stub, asksIn: 'careful' }] });
    expect(fixture.told('session/set_mode')).toMatchObject([{ modeId: 'careful' }]);
    expect(fixture.told('session/set_config_option')).toMatchObject([{ configId: 'how', value: 'careful' }]);
    expect(actionsOf(task)).toContainEqual(['Stub left the mode in which it asks, and was set back', undefined]);
  });

  it('a model can be handed over at the start', async () => {
    const task = await run([[{ env: 'STUB_MODEL' }]], { said: { model: 'x-1', env: { STUB_MODEL: 'by env' } } });
    expect(task.state.failure).toContain('Stub offers no choice of models');
    const spec = stubAgent(fixture.source, [[]], { said: { model: 'x-1', args: ['--model={{model}}'] } });
    expect(startOf(spec)).toMatchObject({ args: ['--model=x-1'], modelAtStart: true });
  });

  it('say what there is instead', async () => {
    const task = await run([[]], { said: { mode: 'bold' }, modes: ['usual'] });
    expect(task.state.failure).toContain('Stub has no mode “bold”; it has usual.');
  });
});

describe('a prompt', () => {
  async function attached(name: string, mediaType: string, text: string): Promise<TaskAttachment> {
    const sha256 = createHash('sha256').update(text).digest('hex');
    const path = join(fixture.home, blobPlace(sha256));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return { name, mediaType, size: text.length, sha256 };
  }

  const files = [
    ['photo.png', 'image/png'],
    ['memo.wav', 'audio/wav'],
    ['a.txt', 'text/plain'],
    ['a.pdf', 'application/pdf'],
  ] as const;
  const allAttached = () => Promise.all(files.map(([name, type]) => attached(name, type, 'content')));
  const link = (name: string) => ({ type: 'resource_link', name, size: 7, uri: expect.stringMatching(/^file:/) });

  it('carries the files of the request themselves where the agent takes them', async () => {
    const task = agentTask({}, { attachments: await allAttached() });
    await run([[]], { image: true, audio: true, embeddedContext: true }, task);
    const prompt = [
      { type: 'text' },
      { type: 'image', mimeType: 'image/png', data: 'Y29udGVudA==' },
      { type: 'audio', mimeType: 'audio/wav', data: 'Y29udGVudA==' },
      { type: 'resource', resource: { mimeType: 'text/plain', text: 'content' } },
      link('a.pdf'),
    ];
    expect(fixture.told('session/prompt')).toMatchObject([{ prompt }]);
  });

  it('links to them where it does not', async () => {
    const task = agentTask({}, { attachments: await allAttached() });
    await run([[]], {}, task);
    expect(fixture.told('session/prompt')).toMatchObject([
      { prompt: [{ type: 'text' }, ...files.map(([name]) => link(name))] },
    ]);
  });

  it('carries the files of what people say and answer meanwhile as it does those of the request, where they lie too', async () => {
    const [photo, memo, text, pdf] = await allAttached();
    const task = agentTask();
    const noted = (file = photo) => ({ text: 'look', ...(file === undefined ? {} : { files: [file] }) });
    task.command({ type: 'say', noteId: 'n1', kind: 'steer', ...noted() });
    const answers = [text, pdf];
    whenAsked(task, (questionId) => {
      if (answers.length === 2) task.command({ type: 'say', noteId: 'n2', kind: 'aside', ...noted(memo) });
      const file = answers.shift();
      task.command({ type: 'answer', questionId, answer: '5', ...(file === undefined ? {} : { files: [file] }) });
    });
    const elicit = { message: 'How many?', properties: { count: { type: 'integer' } } };
    const script: Script = [
      [
        { mcp: { server: 'commander', tool: 'ask_person', arguments: { question: 'Which one?' } } },
        { elicit },
        { waitForCancel: true },
      ],
      [{ say: 'done' }],
    ];
    await run(script, { image: true, embeddedContext: true, aside: [{ say: 'aha' }] }, task);
    expect(task.state.status).toBe('completed');
    const image = { type: 'image', mimeType: 'image/png', data: 'Y29udGVudA==' };
    const said = (words: RegExp) => ({ type: 'text', text: expect.stringMatching(words) });
    const prompts = fixture.told('session/prompt');
    expect(prompts).toContainEqual(
      expect.objectContaining({
        prompt: [said(/mend the login test/), said(/look[\s\S]*attachments\/n1\/photo.png \(image\/png, 7 B/), image],
      }),
    );
    expect(prompts).toContainEqual(
      expect.objectContaining({ prompt: [said(/asks aside/), expect.objectContaining(link('memo.wav'))] }),
    );
    expect(prompts).toContainEqual(
      expect.objectContaining({
        prompt: [said(/the answer is: 5[\s\S]*a.pdf/), expect.objectContaining(link('a.pdf'))],
      }),
    );
    expect(JSON.stringify(task.reports)).toMatch(/5[\s\S]*attachments\/[^/]+\/a.txt \(text\/plain, 7 B/);
    // Who takes the work over finds all of them.
    expect(filesHeard(task.state).flatMap(({ files = [] }) => files.map(({ name }) => name))).toEqual([
      'photo.png',
      'a.txt',
      'a.pdf',
    ]);
  });

  it('only links to a text that is long', async () => {
    const task = agentTask({}, { attachments: [await attached('long.txt', 'text/plain', 'x'.repeat(70_000))] });
    await run([[]], { embeddedContext: true }, task);
    expect(fixture.told('session/prompt')).toMatchObject([
      { prompt: [{ type: 'text' }, { type: 'resource_link', size: 70_000 }] },
    ]);
  });
});

describe('what the agent tells', () => {
  it('of what is not of this protocol is said once, however often it comes', async () => {
    const odd: Step = { unknownUpdate: true };
    const task = await run([[odd, odd, odd, { notify: { method: 'x/odd', params: {} } }, { say: 'done' }]]);
    expect(saidIn(task)).toBe('done');
    expect(actionsOf(task).filter(([, code]) => code === 'from_the_future')).toHaveLength(1);
  });

  it('in a broken form harms nothing', async () => {
    const others = ['agent_thought_chunk', 'user_message_chunk', 'compaction_summary_chunk'].map(
      (sessionUpdate): Step => ({
        update: { sessionUpdate, compactionId: 'c', content: { type: 'text', text: 'hm' } },
      }),
    );
    const broken: Step[] = [
      { update: { sessionUpdate: 'plan', entries: 'none' } },
      { update: { sessionUpdate: 'tool_call' } },
    ];
    expect(saidIn(await run([[...broken, ...others, { say: 'done' }]]))).toBe('done');
  });
});

describe('what the agent asks', () => {
  const kinds = [
    [['allow_once', 'reject_once'], 'approve', 'allow_once'],
    [['allow_always', 'allow_once', 'reject_always'], 'approve', 'allow_once'],
    [['allow_always', 'reject_once'], 'approve', 'allow_always'],
    [['allow_once', 'reject_once', 'reject_always'], 'deny', 'reject_once'],
    [['allow_once', 'reject_always'], 'deny', 'reject_always'],
  ] as const;

  it('is answered with the option of its kinds that means no more than this once', async () => {
    const task = agentTask();
    let n = 0;
    whenAsked(task, (approvalId) => {
      task.command({ type: kinds[n]?.[1] ?? 'deny', approvalId });
      n += 1;
    });
    const asks = kinds.map(
      ([options], index): Step => ({
        ask: { ...publishing, id: String(index), rawInput: { command: `npm publish ${index}` }, options: [...options] },
      }),
    );
    await run([asks], {}, task);
    expect(fixture.told('permission')).toEqual(kinds.map(([, , answer], index) => ({ id: String(index), answer })));
  });

  it('without an option for what was decided is cancelled', async () => {
    const task = agentTask();
    whenAsked(task, (approvalId) => task.command({ type: 'deny', approvalId }));
    await run([[{ ask: { ...publishing, options: ['allow_once'] } }]], {}, task);
    expect(fixture.told('permission')).toEqual([{ id: '1', answer: 'cancelled' }]);
  });

  it('twice at once is decided one after the other, in its order', async () => {
    const task = agentTask();
    const decided: string[] = [];
    whenAsked(task, (approvalId) => {
      decided.push(approvalId);
      expect(task.state.approvals.filter(({ status }) => status === 'open')).toHaveLength(1);
      task.command(decided.length === 1 ? { type: 'approve', approvalId } : { type: 'deny', approvalId });
    });
    // What the first would run takes longer to look at.
    const large = { write: { path: 'deploy.sh', text: '#'.repeat(2_000_000) } };
    const deploy = { ...publishing, rawInput: { command: 'sh deploy.sh' } };
    await run([[large, { askTwice: [deploy, { ...publishing, id: '2' }] }]], {}, task);
    expect(decided).toHaveLength(2);
    // Before the first is allowed it is looked at again: which answer comes first is open.
    expect(new Set(fixture.told('permission'))).toEqual(
      new Set([
        { id: '1', answer: 'allow_once' },
        { id: '2', answer: 'reject_once' },
      ]),
    );
  });

  it('and takes back is not asked any more', async () => {
    const task = agentTask();
    const after = fixture.onceAsked(task);
    await run([[{ askAndGiveUp: { ...publishing, after } }, { say: 'went on' }]], {}, task);
    expect(saidIn(task)).toBe('went on');
    expect(task.state.approvals).toMatchObject([{ status: 'withdrawn' }]);
  });

  it('in a form and takes back is not asked any more', async () => {
    const task = agentTask();
    const after = fixture.onceAsked(task);
    const elicit = { message: 'Which?', properties: { port: { type: 'integer' } }, after };
    await run([[{ elicit }, { say: 'went on' }]], {}, task);
    expect(saidIn(task)).toMatch(/went on$/);
    expect(task.state).toMatchObject({ status: 'completed', questions: [{ status: 'withdrawn' }] });
  });

  it('by a tool is asked on when its patience for tools ends, and its session goes on with the answer', async () => {
    const task = agentTask();
    const after = fixture.onceAsked(task);
    const tool = { server: 'commander', tool: 'ask_person', arguments: { question: 'Where?' }, after };
    const script: Script = [[{ mcp: tool }, { say: 'went on without' }], [{ say: 'went on' }]];
    await run(script, { resume: true }, task);
    const [question] = task.state.questions;
    expect(task.state).toMatchObject({ status: 'waiting', questions: [{ text: 'Where?', status: 'open' }] });
    task.command({ type: 'answer', questionId: question?.id ?? '', answer: 'in the north' });
    await run(script, { resume: true }, task);
    expect(fixture.prompts().at(-1)).toContain('in the north');
    expect(task.state).toMatchObject({ status: 'completed', questions: [{ status: 'answered' }] });
    expect(saidIn(task)).toBe('went on');
  });

  it('and does not wait for is not asked any more when its turn ends: its work is done, once', async () => {
    const task = agentTask();
    const after = fixture.onceAsked(task);
    const form = { message: 'Which?', properties: { port: { type: 'integer' } } };
    await run([[{ askAndGoOn: { ...form, after } }, { say: 'went on' }]], {}, task);
    expect(task.state).toMatchObject({ status: 'completed', questions: [{ status: 'withdrawn' }] });
    expect(fixture.prompts()).toHaveLength(1);
  });

  it('is answered when the run is cancelled, everything that is open', async () => {
    const task = agentTask();
    const stop = new AbortController();
    void task.reported(({ type }) => type === 'asks-permission').then(() => stop.abort('cancel'));
    await run(
      [[{ askTwice: [publishing, { ...publishing, id: '2', rawInput: { command: 'npm publish --x' } }] }]],
      {},
      task,
      stop,
    );
    expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
    expect(fixture.told('permission')).toEqual([
      { id: '1', answer: 'cancelled' },
      { id: '2', answer: 'cancelled' },
    ]);
  });

  it('in a form is answered when the run is cancelled', async () => {
    const task = agentTask();
    const stop = new AbortController();
    void task.reported(({ type }) => type === 'asks-question').then(() => stop.abort('cancel'));
    await run([[{ elicit: { message: 'Which?', properties: { port: { type: 'integer' } } } }]], {}, task, stop);
    expect(task.reports.at(-1)).toEqual({ type: 'stopped' });
    expect(fixture.told('elicitation')).toEqual([{ action: 'cancel' }]);
  });

  it('in a form is answered field by field, and asked again where an answer does not fit', async () => {
    const task = agentTask();
    const answers = ['7', '3', 'red, blue', '-'];
    whenAsked(task, (questionId) => task.command({ type: 'answer', questionId, answer: answers.shift() ?? '' }));
    const properties = {
      count: { type: 'integer', maximum: 5 },
      colours: { type: 'array', items: { type: 'string', enum: ['red', 'green', 'blue'] } },
      note: { type: 'string' },
    };
    await run([[{ elicit: { message: 'How?', properties, required: ['count', 'colours'] } }]], {}, task);
    expect(fixture.told('elicitation')).toEqual([
      { action: 'accept', content: { count: 3, colours: ['red', 'blue'] } },
    ]);
    expect(task.state.questions.map(({ text: words }) => words)).toEqual([
      'How? (count)',
      'It must be at most 5. How? (count)',
      'How? (colours). Answer with one or more, with commas between: 1: red · 2: green · 3: blue',
      'How? (note). Answer “-” to leave it out',
    ]);
  });

  it('that a thread can not do is honestly declined: a page to open, a terminal, what nobody knows', async () => {
    const page = { mode: 'url', elicitationId: 'e', url: 'https://example.org', message: 'Log in', requestId: 1 };
    const task = await run([
      [
        { request: { method: 'elicitation/create', params: page } },
        { say: ' ' },
        { request: { method: 'terminal/create', params: { sessionId: 's', command: 'ls' } } },
        { say: ' ' },
        { request: { method: 'x/odd', params: {} } },
      ],
    ]);
    expect(saidIn(task)).toBe('{"result":{"action":"decline"}} {"error":-32601} {"error":-32601}');
  });
});

describe('an agent that is spoken to and does not listen', () => {
  it('is started anew, and hears then what was said', async () => {
    const task = agentTask({ retry: { limit: 1, backoffMs: 1, on: ['transient'] } });
    const here: Step = { tool: { id: 'here', title: 'Here', kind: 'other' } };
    void task
      .reported((report) => report.type === 'actions' && report.actions.some(({ text }) => text === 'Here'))
      .then(() => task.command({ type: 'say', noteId: 'n1', kind: 'steer', text: 'use tabs' }));
    await run([[here, { hang: true }], [{ say: 'with tabs' }]], { resume: true, limits: { silence: '1s' } }, task);
    expect(task.state.because.text).toContain('did not listen');
    task.command({ type: 'retry-due' });
    await run([[], [{ say: 'with' }], [{ say: 'with tabs' }]], { resume: true }, task);
    expect(task.state.status).toBe('completed');
    expect(JSON.stringify(fixture.told('session/prompt'))).toContain('use tabs');
    expect(task.state.notes).toMatchObject([{ id: 'n1', status: 'taken' }]);
  });
});
