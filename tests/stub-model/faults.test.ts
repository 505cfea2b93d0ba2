import { afterEach, describe, expect, test } from 'vitest';
import { ask, protocols } from './ask.ts';
import type { ScriptedTurn } from './script.ts';
import { type StubModel, startStubModel } from './server.ts';

let model: StubModel;

afterEach(() => model.close());

async function start(...turns: ScriptedTurn[]): Promise<void> {
  model = await startStubModel(turns, { side: 'A title' });
}

describe.each(protocols)('%s', (protocol) => {
  test('turns are taken in order by requests with tools; others take none', async () => {
    await start({ text: 'one' }, { text: 'two' });
    const first = await (await ask(model, protocol)).text();
    const side = await (await ask(model, protocol, { tools: undefined })).text();
    const second = await (await ask(model, protocol)).text();
    expect([first, side, second].map((text) => /"(one|two|A title)"/.exec(text)?.[1])).toEqual([
      'one',
      'A title',
      'two',
    ]);
    expect(model.requests.map(({ turn }) => turn)).toEqual([{ text: 'one' }, { text: 'two' }]);
    expect(model.requests[0]).toMatchObject({ protocol, body: { model: 'stub' } });
    expect({ side: model.sideRequests.length, left: model.turnsLeft(), refused: model.refused }).toEqual({
      side: 1,
      left: 0,
      refused: [],
    });
  });

  test('a request after the end is refused, until a turn is added', async () => {
    await start();
    const answer = await ask(model, protocol);
    expect(answer.status).toBe(400);
    expect(model.refused).toMatchObject([{ refusal: 'The script of the stub model is over' }]);
    model.add({ text: 'more' });
    expect((await ask(model, protocol)).status).toBe(200);
  });

  test.each([429, 500, 529])('%i has the body of the protocol and the headers of the script', async (status) => {
    await start({ status, headers: { 'retry-after': '7' } }, { status, body: { own: true } });
    const answer = await ask(model, protocol);
    expect({ status: answer.status, wait: answer.headers.get('retry-after') }).toEqual({ status, wait: '7' });
    const type = {
      openai: { 429: 'rate_limit_exceeded' }[status] ?? 'server_error',
      anthropic: { 429: 'rate_limit_error', 529: 'overloaded_error' }[status] ?? 'api_error',
    }[protocol];
    expect(await answer.json()).toMatchObject({ error: { type } });
    expect(await (await ask(model, protocol)).json()).toEqual({ own: true });
  });

  test('one that hangs is known, and that the agent gave up on it', async () => {
    await start({ hang: true });
    const patience = new AbortController();
    const answer = ask(model, protocol, {}, { signal: patience.signal });
    const request = await model.awaitRequest(1);
    patience.abort();
    await expect(answer).rejects.toThrow();
    expect(await request.ended).toBe('broken off');
  });

  test('a connection is cut before an answer', async () => {
    await start({ cut: true });
    await expect(ask(model, protocol)).rejects.toThrow();
  });

  test('a stream is cut in the middle', async () => {
    await start({ text: 'unfinished', breaks: 'cut' });
    const answer = await ask(model, protocol, { stream: true });
    let heard = '';
    const reading = (async () => {
      for await (const piece of answer.body ?? []) heard += Buffer.from(piece).toString('utf8');
    })();
    await expect(reading).rejects.toThrow();
    expect(heard).toContain('unfin');
    expect(heard).not.toContain('ished');
  });

  test('a stream hangs in the middle', async () => {
    await start({ text: 'unfinished', breaks: 'hang' });
    const patience = new AbortController();
    const answer = await ask(model, protocol, { stream: true }, { signal: patience.signal });
    const reader = answer.body?.getReader();
    let heard = '';
    while (!heard.includes('unfin')) heard += Buffer.from((await reader?.read())?.value ?? []).toString('utf8');
    patience.abort();
    expect(await (await model.awaitRequest(1)).ended).toBe('broken off');
  });

  test('a stream ends with an error', async () => {
    await start({ text: 'unfinished', breaks: 'error' });
    expect(await (await ask(model, protocol, { stream: true })).text()).toMatch(/unfin.*The script broke off here/s);
  });

  test('fields that it does not know are none of its business', async () => {
    await start({ text: 'fine' });
    expect((await ask(model, protocol, { brand_new: { deep: 1 } })).status).toBe(200);
  });

  test.each<[string, object, RegExp]>([
    ['no model', { model: undefined }, /model/],
    ['no messages', { messages: [] }, /messages/],
    ['a role that is none', { messages: [{ role: 'robot', content: 'x' }] }, /role/],
    ['a tool without a name', { tools: [{ type: 'function', function: {} }] }, /tools/],
  ])('refuses %s', async (_name, more, reason) => {
    await start({ text: 'never' });
    const answer = await ask(model, protocol, more);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(reason);
    expect({ left: model.turnsLeft(), refused: model.refused.length }).toEqual({ left: 1, refused: 1 });
  });

  test('refuses who has no key', async () => {
    await start({ text: 'never' });
    const answer = await ask(model, protocol, {}, { headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBe(401);
  });

  test('refuses a turn whose tool nobody offers', async () => {
    await start({ tool: 'teleport', input: {} });
    await ask(model, protocol);
    expect(model.refused).toMatchObject([{ refusal: 'The agent offers no tool teleport, only bash, edit' }]);
  });
});

describe('a history of tool calls', () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'bash', arguments: '{}' } };
  const use = { type: 'tool_use', id: 'call_1', name: 'bash', input: {} };
  const histories = {
    openai: {
      called: { role: 'assistant', content: null, tool_calls: [call] },
      answered: { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
    },
    anthropic: {
      called: { role: 'assistant', content: [use] },
      answered: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'ok' }] },
    },
  };

  test.each(protocols)('%s: each call is answered, at once, and nothing else', async (protocol) => {
    const { called, answered } = histories[protocol];
    const user = { role: 'user', content: 'Hello' };
    await start({ text: 'fine' });
    const statusOf = async (...messages: object[]) => (await ask(model, protocol, { messages })).status;
    expect(await statusOf(user, called)).toBe(400);
    expect(await statusOf(user, called, user, answered)).toBe(400);
    expect(await statusOf(user, answered)).toBe(400);
    expect(await statusOf(user, called, answered)).toBe(200);
    expect(model.refused.map(({ refusal }) => refusal)).toEqual([
      'The tool call call_1 has no answer',
      'messages.2 comes before the answer to the tool call call_1',
      'messages.1 answers call_1, which is no open tool call',
    ]);
  });
});

test('a turn can depend on its request', async () => {
  await start(({ body }) => ({ text: `You said ${JSON.stringify(body).length} characters` }));
  expect(await (await ask(model, 'openai')).text()).toMatch(/You said \d+ characters/);
});

test('what agents ask besides is answered, and the rest refused', async () => {
  await start();
  const statusOf = async (path: string, init?: RequestInit) => (await fetch(`${model.url}${path}`, init)).status;
  expect(await statusOf('/', { method: 'HEAD' })).toBe(200);
  expect(await statusOf('/v1/models')).toBe(200);
  expect(await statusOf('/v1/messages/count_tokens', { method: 'POST', body: '{}' })).toBe(200);
  expect(model.refused).toEqual([]);
  expect(await statusOf('/telemetry', { method: 'POST', body: 'no JSON' })).toBe(404);
  expect(model.refused).toMatchObject([{ protocol: 'unknown', path: '/telemetry', body: 'no JSON' }]);
});
