import { afterEach, describe, expect, test } from 'vitest';
import { ask } from './ask.ts';
import { type StubModel, startStubModel } from './server.ts';
import type { ModelTurn } from './turns.ts';

let model: StubModel;

afterEach(() => model.close());

async function start(...turns: ModelTurn[]): Promise<void> {
  model = await startStubModel(turns);
}

/** The data of a stream's events, without the closing mark. */
function eventsOf(stream: string): unknown[] {
  const data = [...stream.matchAll(/^data: (.*)$/gm)].map((match) => match[1] ?? '');
  return data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line));
}

describe('OpenAI', () => {
  test('words', async () => {
    await start({ text: 'Hi there', usage: { input: 7, output: 2 } });
    expect(await (await ask(model, 'openai')).json()).toMatchObject({
      object: 'chat.completion',
      model: 'stub',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi there' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
  });

  test('words, streamed, with the tokens where they are asked for', async () => {
    await start({ text: 'Hi there' }, { text: 'Again' });
    const answer = await ask(model, 'openai', { stream: true, stream_options: { include_usage: true } });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const text = await answer.text();
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    const deltas = eventsOf(text).slice(0, -2);
    expect(deltas).toMatchObject([{ role: 'assistant' }, { content: 'Hi t' }, { content: 'here' }].map(chunkOf));
    expect(eventsOf(text).slice(-2)).toMatchObject([
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: { total_tokens: 120 } },
    ]);
    expect(await (await ask(model, 'openai', { stream: true })).text()).not.toContain('usage');
  });

  const chunkOf = (delta: object) => ({ object: 'chat.completion.chunk', choices: [{ delta, finish_reason: null }] });

  test('tool calls, whole and streamed, each with an id of its own', async () => {
    const tools = [
      { tool: 'bash', input: { command: 'ls' } },
      { tool: /^ed/, input: { path: 'a' } },
    ];
    await start({ tools, text: 'Both' }, { tools });
    const whole = await (await ask(model, 'openai')).json();
    expect(whole).toMatchObject({
      choices: [
        {
          message: {
            content: 'Both',
            tool_calls: [
              { id: 'call_100', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } },
              { id: 'call_101', type: 'function', function: { name: 'edit', arguments: '{"path":"a"}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
    const streamed = eventsOf(await (await ask(model, 'openai', { stream: true })).text());
    const calls = JSON.parse(JSON.stringify(streamed)).flatMap(
      (event: { choices: { delta: { tool_calls?: CallPiece[] } }[] }) => event.choices[0]?.delta.tool_calls ?? [],
    );
    expect(join(calls, 0)).toEqual({ id: 'call_200', name: 'bash', arguments: '{"command":"ls"}' });
    expect(join(calls, 1)).toEqual({ id: 'call_201', name: 'edit', arguments: '{"path":"a"}' });
  });

  interface CallPiece {
    readonly index: number;
    readonly id?: string;
    readonly function: { readonly name?: string; readonly arguments: string };
  }

  /** One tool call put together as a client does it. */
  function join(pieces: readonly CallPiece[], index: number) {
    const own = pieces.filter((piece) => piece.index === index);
    const text = own.map((piece) => piece.function.arguments).join('');
    return { id: own[0]?.id, name: own[0]?.function.name, arguments: text };
  }
});

describe('Anthropic', () => {
  test('words', async () => {
    await start({ text: 'Hi there', stop: 'length' });
    expect(await (await ask(model, 'anthropic')).json()).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'stub',
      content: [{ type: 'text', text: 'Hi there' }],
      stop_reason: 'max_tokens',
      stop_sequence: null,
      usage: { input_tokens: 100, output_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    });
  });

  test('words and a tool call, streamed', async () => {
    await start({ text: 'Look', tool: 'bash', input: { command: 'ls' } });
    const text = await (await ask(model, 'anthropic', { stream: true })).text();
    expect([...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual(
      eventsOf(text).map((event) => (event as { type: string }).type),
    );
    expect(eventsOf(text)).toMatchObject([
      { type: 'message_start', message: { content: [], stop_reason: null, usage: { input_tokens: 100 } } },
      { type: 'ping' },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Lo' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ok' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'toolu_100', name: 'bash' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"comman' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: 'd":"ls"}' } },
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 20 } },
      { type: 'message_stop' },
    ]);
  });

  test('a tool call, whole', async () => {
    await start({ tool: /bash/, input: { command: 'ls' } });
    expect(await (await ask(model, 'anthropic')).json()).toMatchObject({
      content: [{ type: 'tool_use', id: 'toolu_100', name: 'bash', input: { command: 'ls' } }],
      stop_reason: 'tool_use',
    });
  });
});
