import { constants, inflateSync } from 'node:zlib';
import { type Client, Events, GatewayIntentBits } from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ManualClock, manualClock } from '#tests/slack-server/clock.ts';
import { clientOf, connected } from './client.ts';
import { type DiscordServer, type DiscordServerOptions, startDiscordServer } from './server.ts';

let server: DiscordServer;
const clients: Client[] = [];
const sockets: WebSocket[] = [];

async function start(options?: DiscordServerOptions): Promise<DiscordServer> {
  server = await startDiscordServer(options);
  return server;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await Promise.all(clients.splice(0).map((client) => client.destroy()));
  await server.stop();
});

const logins = (): string[] => server.logins.map(({ kind, result }) => `${kind} ${result}`);

/** Collects the last words of messages as they arrive at a client. */
function listen(client: Client) {
  const heard: string[] = [];
  client.on(Events.MessageCreate, ({ content }) => {
    heard.push(content.split(' ').at(-1) ?? '');
    client.emit('heard' as Events.Debug, '');
  });
  const until = (count: number) =>
    new Promise<string[]>((resolve) => {
      const look = (): void => {
        if (heard.length < count) return;
        client.off('heard', look);
        resolve(heard);
      };
      client.on('heard', look);
      look();
    });
  return { heard, until };
}

/** A connection without discord.js. */
async function dial(query = '', read = (data: Buffer): string => data.toString()) {
  const socket = new WebSocket(`${server.gatewayUrl}?v=10&encoding=json${query}`);
  sockets.push(socket);
  const received: Array<{ op: number; d: never; t?: string; s?: number }> = [];
  let wake = (): void => {};
  socket.on('message', (data) => {
    received.push(JSON.parse(read(data as Buffer)));
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const next = async <Found>(look: () => Found | undefined): Promise<Found> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const event = (name: string) => next(() => received.find(({ t }) => t === name));
  const operation = (op: number) => next(() => received.find((one) => one.op === op));
  const send = (op: number, d: unknown): void => socket.send(JSON.stringify({ op, d }));
  await operation(10);
  return { socket, received, closed, event, operation, send };
}

const identify = (more: object = {}) => ({
  token: server.token,
  intents: GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages,
  properties: { os: 'linux', browser: 'test', device: 'test' },
  ...more,
});

test('asked to reconnect (op 7) and told that its session is not usable now (op 9), a client resumes', async () => {
  await start();
  const client = await connected(server);
  clients.push(client);
  const { until } = listen(client);
  server.faults.gateway.reconnect();
  await server.driver.waitFor('a resume', () => logins().length === 2);
  server.faults.gateway.invalidate('resumable');
  await server.driver.waitFor('another resume', () => logins().length === 3);
  server.driver.mention(server.driver.channel('general'), server.driver.ben, 'hello');
  expect(await until(1)).toEqual(['hello']);
  expect(logins()).toEqual(['identify ready', 'resume resumed', 'resume resumed']);
});

test('a session that is gone (op 9) is begun anew, and what was said meanwhile is lost', async () => {
  await start();
  const client = await connected(server);
  clients.push(client);
  const { until } = listen(client);
  const { driver, faults } = server;
  faults.gateway.invalidate('gone');
  driver.mention(driver.channel('general'), driver.ben, 'lost');
  await driver.waitFor('a new session', () => logins().length === 2);
  driver.mention(driver.channel('general'), driver.ben, 'heard');
  expect(await until(1)).toEqual(['heard']);
  expect(logins()).toEqual(['identify ready', 'identify ready']);
});

test('a wrong token and an intent that is switched off end the connection for good', async () => {
  await start({ limits: 'none' });
  const client = clientOf(server, GatewayIntentBits.MessageContent);
  clients.push(client);
  await expect(client.login(server.token)).rejects.toThrow('disallowed intents');
  const wrong = await dial();
  wrong.send(2, identify({ token: 'wrong' }));
  expect(await wrong.closed).toBe(4004);
  const early = await dial();
  early.send(3, {});
  expect(await early.closed).toBe(4003);
  const broken = await dial();
  broken.socket.send('{');
  expect(await broken.closed).toBe(4002);
});

test('with the content intent all talk can be read', async () => {
  await start({ settings: { privilegedIntents: ['messageContent'] } });
  const client = await connected(server, GatewayIntentBits.MessageContent);
  clients.push(client);
  const { until } = listen(client);
  server.driver.say(server.driver.channel('general'), server.driver.ben, 'plain');
  expect(await until(1)).toEqual(['plain']);
});

test('a session lives for a while after its connection; 1000 ends it at once', async () => {
  const clock: ManualClock = manualClock(Date.UTC(2026, 0, 1));
  await start({ clock });
  const first = await dial();
  first.send(2, identify());
  const { session_id: session } = (await first.event('READY')).d as { session_id: string };
  const resume = async (seq: number) => {
    const connection = await dial();
    connection.send(6, { token: server.token, session_id: session, seq });
    return connection;
  };
  const gone = () => server.driver.waitFor('the end of the connection', () => server.faults.gateway.count() === 0);
  first.socket.terminate();
  await gone();
  server.driver.mention(server.driver.channel('general'), server.driver.ben, 'missed');
  clock.advance(179_000);
  const second = await resume(2);
  expect((await second.event('MESSAGE_CREATE')).s).toBe(3);
  expect((await second.event('RESUMED')).s).toBe(4);
  second.socket.close(4000);
  await gone();
  const ahead = await resume(99);
  expect(await ahead.closed).toBe(4007);
  clock.advance(180_001);
  const third = await resume(4);
  expect((await third.operation(9)).d).toBe(false);
  third.send(2, identify());
  await third.event('READY');
  third.socket.close(1000);
  await gone();
  expect(logins()).toEqual(['identify ready', 'resume resumed', 'resume refused', 'resume refused', 'identify ready']);
});

test('heartbeats are acknowledged; without them, or after too many payloads, the connection ends', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  await start({ clock });
  const alive = await dial();
  alive.send(1, null);
  await alive.operation(11);
  server.faults.gateway.deafen();
  clock.advance(2 * 41_250);
  expect(await alive.closed).toBe(4009);
  const chatty = await dial();
  for (let count = 0; count < 121; count += 1) chatty.send(1, null);
  expect(await chatty.closed).toBe(4008);
});

test('too many IDENTIFYs reset the token', async () => {
  await start({ settings: { identifiesADay: 1 } });
  const first = await dial();
  first.send(2, identify());
  await first.event('READY');
  const second = await dial();
  second.send(2, identify());
  expect(await second.closed).toBe(4004);
  const { status } = await fetch(`${server.api}/v10/gateway/bot`, {
    headers: { authorization: `Bot ${server.token}` },
  });
  expect(status).toBe(401);
  expect(server.limits.invalid).toBe(1);
});

test('events can be held back, repeated, unknown or compressed', async () => {
  await start();
  // Each frame goes on with the stream that the first one began.
  let stream = Buffer.alloc(0);
  let length = 0;
  const connection = await dial('&compress=zlib-stream', (data) => {
    stream = Buffer.concat([stream, data]);
    const whole = inflateSync(stream, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    const text = whole.slice(length);
    length = whole.length;
    return text;
  });
  connection.send(2, identify());
  await connection.event('GUILD_CREATE');
  const { driver, faults } = server;
  faults.gateway.hold();
  driver.mention(driver.channel('general'), driver.ben, 'one');
  faults.gateway.emit('SOMETHING_NEW', { x: 1 });
  faults.gateway.release();
  faults.gateway.repeatLast();
  faults.gateway.emit('LAST', {});
  await connection.event('LAST');
  expect(connection.received.flatMap(({ t, s }) => (t === undefined ? [] : [[s, t]]))).toEqual([
    [1, 'READY'],
    [2, 'GUILD_CREATE'],
    [3, 'SOMETHING_NEW'],
    [4, 'MESSAGE_CREATE'],
    [5, 'MESSAGE_CREATE'],
    [6, 'LAST'],
  ]);
});
