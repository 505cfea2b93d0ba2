import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { choose, saying, startTestClient, type TestClient, temporaryFolder } from './client.ts';
import { awaitReceived, readReceived, received } from './driver.ts';
import type { StepInput } from './script.ts';

const folder = temporaryFolder();
let client: TestClient;
let session: string;
let option = 'allow_once';

beforeAll(async () => {
  client = startTestClient(
    folder.path,
    {},
    {
      permission: () => choose(option)(),
      elicitation: () => ({ action: 'accept', content: { size: 'big' } }),
    },
  );
  await client.initialize();
  session = await client.open();
});

afterAll(async () => {
  await client.kill();
  folder.remove();
});

/** The updates that these steps led to, and why the turn stopped. */
async function perform(...steps: StepInput[]): Promise<{ updates: SessionUpdate[]; stopReason: string }> {
  const before = client.updates.length;
  const { stopReason } = await client.perform(session, steps);
  return { updates: client.updates.slice(before), stopReason };
}

const file = (path: string) => readFileSync(join(folder.path, path), 'utf8');

describe('speech', () => {
  test.each<[StepInput, unknown]>([
    [
      { do: 'say', text: 'hi' },
      { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'hi' } },
    ],
    [
      { do: 'think', text: 'hm' },
      { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'hm' } },
    ],
    [
      { do: 'plan', entries: [{ content: 'look' }] },
      { sessionUpdate: 'plan', entries: [{ content: 'look', priority: 'medium', status: 'pending' }] },
    ],
    [
      { do: 'usage', used: 5, size: 10, cost: { amount: 0.25, currency: 'USD' } },
      { sessionUpdate: 'usage_update', used: 5, size: 10, cost: { amount: 0.25, currency: 'USD' } },
    ],
    [
      { do: 'mode', mode: 'plan' },
      { sessionUpdate: 'current_mode_update', currentModeId: 'plan' },
    ],
    [
      { do: 'config', option: 'model', value: 'large' },
      { sessionUpdate: 'config_option_update', configOptions: [{ id: 'model', currentValue: 'large' }] },
    ],
    [
      { do: 'commands', commands: [{ name: 'review', description: 'Reviews' }] },
      { sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'review' }] },
    ],
    [
      { do: 'title', title: 'Login' },
      { sessionUpdate: 'session_info_update', title: 'Login' },
    ],
    [
      { do: 'notice', severity: 'warning', title: 'Slow' },
      { sessionUpdate: 'notice', severity: 'warning', title: 'Slow' },
    ],
    [
      { do: 'compaction', id: 'c', status: 'completed', summary: 'short' },
      { sessionUpdate: 'compaction_update', compactionId: 'c', summary: [{ type: 'text', text: 'short' }] },
    ],
  ])('%j', async (step, update) => {
    const { updates, stopReason } = await perform(step);
    expect(updates).toMatchObject([update]);
    expect(stopReason).toBe('end_turn');
  });

  test('a tool call and its change have absolute paths', async () => {
    const { updates } = await perform(
      {
        do: 'tool',
        id: 't',
        title: 'Edit',
        kind: 'edit',
        status: 'pending',
        content: [{ type: 'diff', path: 'a.txt', oldText: null, newText: 'a' }],
        locations: [{ path: '../outside', line: 3 }],
        rawInput: { a: 1 },
      },
      { do: 'tool-update', id: 't', status: 'completed', content: [{ type: 'text', text: 'done' }] },
    );
    expect(updates).toMatchObject([
      {
        sessionUpdate: 'tool_call',
        toolCallId: 't',
        content: [{ type: 'diff', path: join(folder.path, 'a.txt') }],
        locations: [{ path: `${folder.path}/../outside`, line: 3 }],
        rawInput: { a: 1 },
      },
      { sessionUpdate: 'tool_call_update', content: [{ type: 'content', content: { type: 'text', text: 'done' } }] },
    ]);
  });

  test('stderr', async () => {
    const written = new Promise((resolve) => client.process.stderr?.once('data', resolve));
    await perform({ do: 'stderr', text: 'a warning' });
    expect(String(await written)).toBe('a warning\n');
  });
});

describe('deeds', () => {
  test.each(['disk', 'client'] as const)('writes and reads by the %s', async (by) => {
    const { updates } = await perform(
      { do: 'write', path: `${by}.txt`, content: 'first', by },
      { do: 'write', path: `${by}.txt`, content: 'second', by },
      { do: 'read', path: `${by}.txt`, by },
    );
    expect(file(`${by}.txt`)).toBe('second');
    const diffs = updates.flatMap((update) => (update.sessionUpdate === 'tool_call' ? (update.content ?? []) : []));
    expect(diffs).toMatchObject([
      { oldText: null, newText: 'first' },
      { oldText: 'first', newText: 'second' },
    ]);
    expect(updates.at(-1)).toMatchObject({ status: 'completed', content: [{ content: { text: 'second' } }] });
  });

  test('a deed that fails is a failed tool call', async () => {
    const { updates, stopReason } = await perform({ do: 'read', path: 'not there' });
    expect(updates.at(-1)).toMatchObject({ status: 'failed' });
    expect(stopReason).toBe('end_turn');
  });

  test('runs a command as its own child', async () => {
    const { updates } = await perform({ do: 'run', command: ['sh', '-c', 'pwd; exit 3'] });
    expect(updates.at(-1)).toMatchObject({ status: 'failed', rawOutput: { output: `${folder.path}\n`, exitCode: 3 } });
  });

  test('runs a command in a terminal of the client', async () => {
    const { updates } = await perform({ do: 'run', command: ['pwd'], by: 'client' });
    const [, , shown, last] = updates;
    expect(shown).toMatchObject({ content: [{ type: 'terminal', terminalId: 'terminal-1' }] });
    expect(last).toMatchObject({ status: 'completed', rawOutput: { output: `${folder.path}\n`, exitCode: 0 } });
    expect(readReceived(client.log)).toContainEqual({ kind: 'answer', method: 'terminal/release', result: {} });
  });

  test('asks before a deed, and leaves it when it is rejected', async () => {
    option = 'reject_once';
    const asks = ['allow_once', 'reject_once'] as const;
    const { updates } = await perform({ do: 'write', path: 'no.txt', content: '', asks: [...asks] });
    expect(existsSync(join(folder.path, 'no.txt'))).toBe(false);
    expect(updates.at(-1)).toMatchObject({
      status: 'failed',
      content: [{ content: { text: 'permission: rejected' } }],
    });
    option = 'allow_once';
    await perform({ do: 'run', command: ['touch', 'yes.txt'], asks: [...asks] });
    expect(existsSync(join(folder.path, 'yes.txt'))).toBe(true);
  });
});

describe('asking', () => {
  const tool = { id: 'p', title: 'Push', kind: 'execute' as const };
  const branches = {
    allowed: [{ do: 'say' as const, text: 'pushed' }],
    rejected: [{ do: 'end' as const, reason: 'refusal' as const }],
  };

  test('a permission leads to the steps of its answer', async () => {
    option = 'allow_always';
    expect((await perform({ do: 'ask-permission', tool, ...branches })).updates).toMatchObject([
      { content: { text: 'pushed' } },
    ]);
    option = 'reject_always';
    expect((await perform({ do: 'ask-permission', tool, ...branches })).stopReason).toBe('refusal');
  });

  test('an option that was not offered is an error', async () => {
    option = 'allow_always';
    await expect(perform({ do: 'ask-permission', tool, options: ['allow_once'] })).rejects.toThrow(/not offered/);
    option = 'allow_once';
  });

  test.each(['together', 'one-after-the-other'] as const)('asks twice, %s', async (when) => {
    const { updates } = await perform({ do: 'ask-twice', first: tool, second: { title: 'Push --force' }, when });
    expect(updates).toMatchObject([{ content: { text: 'asked twice: allowed, allowed\n' } }]);
  });

  test('an elicitation leads to the steps of its answer', async () => {
    const { updates } = await perform({
      do: 'elicit',
      message: 'How big?',
      properties: { size: { type: 'string', enum: ['big', 'small'] } },
      required: ['size'],
      accepted: [{ do: 'say', text: 'thanks' }],
    });
    expect(updates).toMatchObject([
      { content: { text: 'elicitation: accept {"size":"big"}\n' } },
      { content: { text: 'thanks' } },
    ]);
  });
});

describe('waiting and endings', () => {
  test.each(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled'] as const)('%s', async (reason) => {
    const { updates, stopReason } = await perform({ do: 'end', reason }, { do: 'say', text: 'never said' });
    expect({ updates, stopReason }).toEqual({ updates: [], stopReason: reason });
  });

  test('an error with data', async () => {
    const data = { kind: 'usage_limit', resetsAt: 1 };
    await expect(perform({ do: 'error', code: -32603, message: 'Limit', data })).rejects.toMatchObject({
      code: -32603,
      message: 'Limit',
      data,
    });
  });

  test('a file that a test writes lets it go on', async () => {
    mkdirSync(join(folder.path, 'gates'));
    const performed = perform({ do: 'say', text: 'at the gate' }, { do: 'wait-for-file', path: 'gates/go' });
    await client.awaitUpdate(saying('at the gate'));
    writeFileSync(join(folder.path, 'gates/go'), '');
    expect((await performed).stopReason).toBe('end_turn');
  });

  test('another prompt ends the wait for one, and runs behind the turn', async () => {
    const first = client.perform(session, [{ do: 'wait-for-steer' }, { do: 'say', text: 'steered' }]);
    const second = perform({ do: 'say', text: 'second' });
    await first;
    expect((await second).updates).toMatchObject([{ content: { text: 'steered' } }, { content: { text: 'second' } }]);
  });

  test('a cancelled turn says so, and its child is gone', async () => {
    const performed = perform({ do: 'run', command: ['sh', '-c', 'touch started; exec sleep 600'] });
    await client.perform(await client.open(), [{ do: 'wait-for-file', path: 'started' }]);
    await client.connection.agent.notify('session/cancel', { sessionId: session });
    const { updates, stopReason } = await performed;
    expect(stopReason).toBe('cancelled');
    expect(updates.at(-1)).toMatchObject({ rawOutput: { signal: 'SIGTERM' } });
  });

  test('sleeps until it is cancelled', async () => {
    const performed = perform({ do: 'say', text: 'good night' }, { do: 'sleep-until-cancelled' });
    await client.awaitUpdate(saying('good night'));
    await client.connection.agent.notify('session/cancel', { sessionId: session });
    expect((await performed).stopReason).toBe('cancelled');
  });

  test('a prompt whose request is cancelled answers with that', async () => {
    const cancellation = new AbortController();
    const text = '```script\n{"do":"sleep-until-cancelled"}\n```';
    const prompt = [{ type: 'text' as const, text }];
    const answer = client.connection.agent.request(
      'session/prompt',
      { sessionId: session, prompt },
      {
        cancellationSignal: cancellation.signal,
      },
    );
    cancellation.abort();
    await expect(answer).rejects.toMatchObject({ code: -32800 });
  });

  test('a script with a mistake is an error that names it', async () => {
    const prompt = [{ type: 'text' as const, text: '```script\n{"do":"dance"}\n```' }];
    await expect(client.connection.agent.request('session/prompt', { sessionId: session, prompt })).rejects.toThrow(
      /mistake/,
    );
  });

  test('what it received can be awaited', async () => {
    const line = await awaitReceived(client.log, received('session/cancel'));
    expect(line).toMatchObject({ kind: 'notification', params: { sessionId: session } });
  });
});
