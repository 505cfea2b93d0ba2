import { afterEach, describe, expect, test } from 'vitest';
import type { ScriptedTurn } from './script.ts';
import { type StubModel, startStubModel } from './server.ts';

let model: StubModel;

afterEach(() => model.close());

async function start(...turns: ScriptedTurn[]): Promise<void> {
  model = await startStubModel(turns);
}

async function post(path: string, headers: Readonly<Record<string, string>>, body: object): Promise<Response> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  return fetch(`${model.url}${path}`, { ...init, body: JSON.stringify(body) });
}

async function eventsOf(answer: Response): Promise<readonly object[]> {
  return [...(await answer.text()).matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
}

describe('OpenAI’s responses', () => {
  const namespace = { type: 'namespace', name: 'mcp', tools: [{ type: 'function', name: 'report' }] };
  const exec = { type: 'custom', name: 'exec' };
  const key = { authorization: 'Bearer none' };
  const hello = { type: 'message', role: 'user', content: 'Hello' };

  const ask = (input: readonly object[], headers: Readonly<Record<string, string>> = key) =>
    post('/v1/responses', headers, { model: 'stub', stream: true, input, tools: [namespace] });

  test('words, then tools of a namespace and tools that take a text', async () => {
    const tools = [
      { tool: 'mcp.report', input: { text: 'x' } },
      { tool: 'exec', input: { code: 'run()' } },
    ];
    await start({ text: 'Look', tools });
    const events = await eventsOf(await ask([{ type: 'additional_tools', tools: [exec] }, hello]));
    expect(events).toMatchObject([
      { type: 'response.created' },
      { type: 'response.output_item.added' },
      { type: 'response.output_text.delta', delta: 'Lo' },
      { type: 'response.output_text.delta', delta: 'ok' },
      { type: 'response.output_item.done', item: { type: 'message' } },
      { item: { type: 'function_call', namespace: 'mcp', name: 'report', arguments: '{"text":"x"}' } },
      { item: { type: 'custom_tool_call', name: 'exec', input: 'run()' } },
      { type: 'response.completed', response: { usage: { total_tokens: 120 } } },
    ]);
  });

  test('refuses a call without an answer, an answer without a call, and who has no key', async () => {
    await start({ text: 'fine' });
    const call = { type: 'function_call', call_id: 'c', name: 'report', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'c', output: 'ok' };
    expect((await ask([hello, call])).status).toBe(400);
    expect((await ask([hello, output])).status).toBe(400);
    expect((await ask([hello], {})).status).toBe(401);
    expect((await ask([hello, call, output])).status).toBe(200);
  });
});

describe('Gemini', () => {
  const user = { role: 'user', parts: [{ text: 'Hello' }] };
  const key = { 'x-goog-api-key': 'none' };

  const ask = (contents: readonly object[], headers: Readonly<Record<string, string>> = key) =>
    post('/v1beta/models/gemini-2.5-pro:streamGenerateContent', headers, {
      contents,
      tools: [{ functionDeclarations: [{ name: 'bash' }] }],
    });

  test('words and a tool call', async () => {
    await start({ text: 'Look', tool: 'bash', input: { command: 'ls' } });
    expect(await eventsOf(await ask([user]))).toMatchObject([
      { candidates: [{ content: { role: 'model', parts: [{ text: 'Lo' }] } }] },
      {
        candidates: [
          {
            content: { parts: [{ text: 'ok' }, { functionCall: { name: 'bash', args: { command: 'ls' } } }] },
            finishReason: 'STOP',
          },
        ],
        usageMetadata: { totalTokenCount: 120 },
      },
    ]);
  });

  test('refuses a call without an answer, an answer without a call, and who has no key', async () => {
    await start({ text: 'fine' });
    const call = { role: 'model', parts: [{ functionCall: { name: 'bash', args: {} } }] };
    const answer = { role: 'user', parts: [{ functionResponse: { name: 'bash', response: {} } }] };
    expect((await ask([user, call, user])).status).toBe(400);
    expect((await ask([user, answer])).status).toBe(400);
    expect((await ask([user], {})).status).toBe(401);
    expect((await ask([user, call, answer])).status).toBe(200);
  });
});
