import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewSessionRequest } from '@agentclientprotocol/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allCapabilities, startTestClient, type TestClient, temporaryFolder } from './client.ts';
import type { StubAgentOptions } from './driver.ts';

let folder: ReturnType<typeof temporaryFolder>;
let clients: TestClient[];

beforeEach(() => {
  folder = temporaryFolder();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) await client.kill();
  folder.remove();
});

async function start(options: StubAgentOptions = {}): Promise<TestClient> {
  const client = startTestClient(folder.path, options);
  clients.push(client);
  await client.initialize();
  return client;
}

/** A session with one message, a mode and a title, of a process that was killed in the middle of a turn. */
async function leaveSession(): Promise<string> {
  const client = await start();
  const sessionId = await client.open();
  await client.perform(sessionId, [
    { do: 'say', text: 'remembered' },
    { do: 'title', title: 'Login' },
  ]);
  await client.connection.agent.request('session/set_mode', { sessionId, modeId: 'plan' });
  const unfinished = client.perform(sessionId, [{ do: 'say', text: 'half' }, { do: 'sleep-until-cancelled' }]);
  await client.awaitUpdate((update) => JSON.stringify(update).includes('half'));
  await client.kill();
  await expect(unfinished).rejects.toThrow();
  return sessionId;
}

test('a new process loads a session with all that was said, prompts included', async () => {
  const sessionId = await leaveSession();
  const client = await start();
  const place = { sessionId, cwd: folder.path, mcpServers: [] };
  const answer = await client.connection.agent.request('session/load', place);
  expect(answer).toMatchObject({ modes: { currentModeId: 'plan' }, configOptions: [{ currentValue: 'small' }] });
  expect(client.updates.map((update) => update.sessionUpdate)).toEqual([
    'user_message_chunk',
    'agent_message_chunk',
    'session_info_update',
    'current_mode_update',
    'user_message_chunk',
    'agent_message_chunk',
  ]);
  expect((await client.perform(sessionId, [{ do: 'say', text: '!' }])).stopReason).toBe('end_turn');
  expect(client.said()).toBe('rememberedhalf!');
});

test('a new process resumes a session without a word', async () => {
  const sessionId = await leaveSession();
  const client = await start();
  const answer = await client.connection.agent.request('session/resume', { sessionId, cwd: folder.path });
  expect(answer).toMatchObject({ modes: { currentModeId: 'plan' } });
  expect(client.updates).toEqual([]);
  await client.perform(sessionId, [{ do: 'say', text: 'on' }]);
  expect(client.said()).toBe('on');
});

test('sessions are listed, forked, closed and deleted', async () => {
  const sessionId = await leaveSession();
  const { agent } = (await start()).connection;
  expect(await agent.request('session/list', {})).toEqual({
    sessions: [{ sessionId, cwd: folder.path, title: 'Login' }],
  });
  expect(await agent.request('session/list', { cwd: '/elsewhere' })).toEqual({ sessions: [] });
  const fork = await agent.request<{ sessionId: string }>('session/fork', { sessionId, cwd: folder.path });
  expect(fork).toMatchObject({ modes: { currentModeId: 'plan' } });
  await agent.request('session/close', { sessionId: fork.sessionId });
  const prompt = { sessionId: fork.sessionId, prompt: [] };
  await expect(agent.request('session/prompt', prompt)).rejects.toMatchObject({ code: -32002 });
  await agent.request('session/delete', { sessionId: fork.sessionId });
  expect(existsSync(join(folder.path, 'sessions', `${fork.sessionId}.jsonl`))).toBe(false);
});

test('an unknown session is an error, and so is one that is no file name', async () => {
  const { agent } = (await start()).connection;
  for (const sessionId of ['unknown', '../received'])
    for (const method of ['session/load', 'session/resume'] as const)
      await expect(agent.request(method, { sessionId, cwd: folder.path, mcpServers: [] })).rejects.toMatchObject({
        code: -32002,
        data: { sessionId },
      });
});

test('closing a session cancels its turn', async () => {
  const client = await start();
  const sessionId = await client.open();
  const performed = client.perform(sessionId, [{ do: 'say', text: 'here' }, { do: 'sleep-until-cancelled' }]);
  await client.awaitUpdate((update) => update.sessionUpdate === 'agent_message_chunk');
  await client.connection.agent.request('session/close', { sessionId });
  expect((await performed).stopReason).toBe('cancelled');
});

test('modes and options that are not there are refused, the others are set', async () => {
  const client = await start();
  const { agent } = client.connection;
  const sessionId = await client.open();
  await expect(agent.request('session/set_mode', { sessionId, modeId: 'wild' })).rejects.toMatchObject({
    code: -32602,
  });
  const request = { sessionId, configId: 'model' };
  expect(await agent.request('session/set_config_option', { ...request, value: 'large' })).toMatchObject({
    configOptions: [{ id: 'model', currentValue: 'large' }],
  });
  await expect(agent.request('session/set_config_option', { ...request, value: 'xl' })).rejects.toMatchObject({
    code: -32602,
  });
});

test('what is not offered is not there', async () => {
  const client = await start({ behaviour: { capabilities: [] } });
  expect(JSON.parse(client.lines[0] ?? '')).toMatchObject({
    result: {
      agentCapabilities: { loadSession: false, promptCapabilities: { image: false }, sessionCapabilities: {} },
    },
  });
  const { agent } = client.connection;
  const place = { sessionId: 'any', cwd: folder.path, mcpServers: [] };
  await expect(agent.request('session/load', place)).rejects.toMatchObject({ code: -32601 });
  await expect(agent.request('session/fork', place)).rejects.toMatchObject({ code: -32601 });
  const sessionId = await client.open();
  const image = { type: 'image' as const, data: '', mimeType: 'image/png' };
  await expect(agent.request('session/prompt', { sessionId, prompt: [image] })).rejects.toMatchObject({ code: -32602 });
  const http = { type: 'http' as const, name: 'far', url: 'http://localhost/', headers: [] };
  await expect(agent.request('session/new', { cwd: folder.path, mcpServers: [http] })).rejects.toMatchObject({
    code: -32602,
  });
});

test('a login is asked for until somebody logged in', async () => {
  const client = await start({ behaviour: { authentication: 'required' } });
  await expect(client.open()).rejects.toMatchObject({ code: -32000 });
  const { agent } = client.connection;
  await expect(agent.request('authenticate', { methodId: 'guess' })).rejects.toMatchObject({ code: -32602 });
  await agent.request('authenticate', { methodId: 'login' });
  expect(await client.open()).toMatch(/^[0-9a-f-]{36}$/);
});

test('a prompt without a script does the default', async () => {
  const client = await start();
  const prompt = [{ type: 'text' as const, text: 'fix the flaky login test' }];
  await client.connection.agent.request('session/prompt', { sessionId: await client.open(), prompt });
  expect(readFileSync(join(folder.path, 'stub-agent.txt'), 'utf8')).toBe('The stub agent was here.\n');
  expect(client.updates.map((update) => update.sessionUpdate)).toEqual([
    'agent_message_chunk',
    'plan',
    'tool_call',
    'tool_call_update',
    'tool_call_update',
    'plan',
  ]);
});

test('a tool of an MCP server of the session is called', async () => {
  const client = await start();
  const server = {
    name: 'example',
    command: process.execPath,
    args: [fileURLToPath(new URL('example-mcp-server.ts', import.meta.url))],
    env: [{ name: 'GREETING', value: 'Good day,' }],
  };
  const request: NewSessionRequest = { cwd: folder.path, mcpServers: [server] };
  const { sessionId } = await client.connection.agent.request('session/new', request);
  await client.perform(sessionId, [
    { do: 'mcp-call', server: 'example', tool: 'greet', arguments: { name: 'Anna' } },
    { do: 'mcp-call', server: 'unknown', tool: 'greet' },
  ]);
  expect(client.said()).toBe(
    'greet answered: Good day, Anna\ngreet failed: The session has no MCP server named unknown\n',
  );
});

test('a client without elicitation is not asked', async () => {
  const client = startTestClient(folder.path);
  clients.push(client);
  await client.initialize({ ...allCapabilities, elicitation: null });
  await client.perform(await client.open(), [{ do: 'elicit', message: '?', properties: {} }]);
  expect(client.said()).toBe('elicitation: not offered by the client\n');
});
