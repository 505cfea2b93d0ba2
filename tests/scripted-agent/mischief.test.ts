import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answers, saying, startTestClient, type TestClient, temporaryFolder } from './client.ts';
import { awaitReceived, readReceived, received, type StubAgentOptions } from './driver.ts';

let folder: ReturnType<typeof temporaryFolder>;
let client: TestClient;
let session: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await client.kill();
  folder.remove();
});

async function start(options: StubAgentOptions = {}, answers: Answers = {}): Promise<void> {
  client = startTestClient(folder.path, options, answers);
  await client.initialize();
  session = await client.open();
}

const cancel = () => client.connection.agent.notify('session/cancel', { sessionId: session });

test('one that hangs reads nothing any more and outlives TERM', async () => {
  await start();
  const hangs = new Promise((resolve) => client.process.stderr?.once('data', resolve));
  const performed = client.perform(session, [{ do: 'hang' }]);
  await hangs;
  await cancel();
  client.process.kill('SIGTERM');
  await client.kill();
  await expect(performed).rejects.toThrow();
  expect(client.process.signalCode).toBe('SIGKILL');
  expect(readReceived(client.log).filter(received('session/cancel'))).toEqual([]);
});

test('one that forgets a cancel heard it and never answers', async () => {
  await start();
  const performed = client.perform(session, [{ do: 'forget-cancel' }]);
  await cancel();
  await awaitReceived(client.log, received('session/cancel'));
  // It still answers others, in order: an answer to the prompt would have come before this one.
  await client.connection.agent.request('session/list', {});
  expect(client.lines.filter((line) => line.includes('stopReason'))).toEqual([]);
  await client.kill();
  await expect(performed).rejects.toThrow();
});

test('a flood comes whole and in order, and a cancel gets through', async () => {
  await start();
  await client.perform(session, [{ do: 'flood', updates: 5000, bytes: 10 }]);
  expect(client.updates).toHaveLength(5000);
  expect(client.updates.at(-1)).toMatchObject({ content: { text: '5000 .....' } });
  const performed = client.perform(session, [{ do: 'flood', updates: 10_000_000 }]);
  await client.awaitUpdate((update) => JSON.stringify(update).includes('"7 '));
  await cancel();
  expect((await performed).stopReason).toBe('cancelled');
});

test('a huge message, a line of garbage and an update that nobody knows', async () => {
  await start();
  await client.perform(session, [
    { do: 'huge', bytes: 3_000_000 },
    { do: 'garbage', line: '}{ not JSON' },
    { do: 'unknown-update', kind: 'hologram', fields: { depth: 3 } },
    { do: 'say', text: 'still here' },
  ]);
  expect(client.lines.some((line) => line.length > 3_000_000)).toBe(true);
  expect(client.lines).toContain('}{ not JSON');
  const unknown = client.lines.find((line) => line.includes('hologram')) ?? '';
  expect(JSON.parse(unknown)).toMatchObject({ params: { update: { sessionUpdate: 'hologram', depth: 3 } } });
  expect(client.said()).toMatch(/still here$/);
});

test.each([
  [{ do: 'exit', code: 7 } as const, { code: 7, signal: null }],
  [{ do: 'exit', signal: 'SIGKILL' } as const, { code: null, signal: 'SIGKILL' }],
])('%j in the middle of a turn', async (step, end) => {
  await start();
  const exited = once(client.process, 'exit');
  await expect(client.perform(session, [{ do: 'say', text: 'bye' }, step])).rejects.toThrow();
  const [code, signal] = await exited;
  expect({ code, signal }).toEqual(end);
  expect(client.said()).toBe('bye');
});

test('a daemon outlives its agent', async () => {
  await start();
  await client.perform(session, [{ do: 'daemon', pidFile: 'daemon.pid' }]);
  await client.kill();
  const pid = Number(readFileSync(join(folder.path, 'daemon.pid'), 'utf8'));
  try {
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).not.toContain(`) Z `);
  } finally {
    process.kill(pid, 'SIGKILL');
  }
});

test('a permission is withdrawn while nobody answers it', async () => {
  const withdrawn = Promise.withResolvers<void>();
  await start(
    {},
    {
      permission: (_request, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            withdrawn.resolve();
            resolve({ outcome: { outcome: 'cancelled' } });
          });
        }),
    },
  );
  const tool = { id: 'p', title: 'Push' };
  const meanwhile = [{ do: 'say' as const, text: 'or not' }];
  await client.perform(session, [{ do: 'ask-permission', tool, meanwhile, withdraw: true }]);
  await withdrawn.promise;
  expect(client.said()).toBe('or notpermission: cancelled\n');
});

test('a second prompt is refused where the agent takes one at a time', async () => {
  await start({ behaviour: { whileBusy: 'refuse' } });
  const first = client.perform(session, [{ do: 'say', text: 'busy' }, { do: 'sleep-until-cancelled' }]);
  await client.awaitUpdate(saying('busy'));
  await expect(client.perform(session, [])).rejects.toMatchObject({ code: -32600 });
  await cancel();
  expect((await first).stopReason).toBe('cancelled');
});

test('a start that fails says why on stderr and answers nothing', async () => {
  client = startTestClient(folder.path, { behaviour: { startFailure: { message: 'not logged in', code: 3 } } });
  const [code] = await once(client.process, 'close');
  expect({ code, stderr: client.stderr(), lines: client.lines }).toEqual({
    code: 3,
    stderr: 'not logged in\n',
    lines: [],
  });
});

test('a slow start and another protocol version', async () => {
  client = startTestClient(folder.path, { behaviour: { startDelay: 20, protocolVersion: 9 } });
  await client.connection.agent.request('initialize', { protocolVersion: 1 });
  expect(JSON.parse(client.lines[0] ?? '')).toMatchObject({ result: { protocolVersion: 9 } });
});

test('the log tells of its start without values, and of its end', async () => {
  await start();
  const exited = once(client.process, 'exit');
  client.process.stdin?.end();
  await exited;
  const lines = readReceived(client.log);
  expect(lines.map(({ kind }) => kind)).toEqual(['started', 'request', 'request', 'closed']);
  expect(lines[0]).toMatchObject({ pid: client.process.pid, cwd: folder.path });
  expect(existsSync(client.log) && readFileSync(client.log, 'utf8')).not.toContain(process.env.PATH);
});
