import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxMissing } from '#tests/missing.ts';
import { type Egress, openEgress } from './egress.ts';
import { createSandboxFixture } from './sandbox-fixture.ts';

/** Keys that both sides know: no certificate is needed. */
const shared = { psk: Buffer.from('0123456789abcdef'), identity: 'test' };
const psk = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

let folder: string;
let egress: Egress;
let refused: [string, string][];
let asked: string[];
let dialled: string[];
const server = createServer({ ...psk, pskCallback: () => shared.psk, pskIdentityHint: 'test' }, (client) =>
  client.on('error', () => client.destroy()).end('hello'),
);

/** What each name means, for the proxy. */
const names: Readonly<Record<string, readonly string[]>> = {
  'api.example.org': ['93.184.216.34'],
  'inner.example.org': ['10.0.0.5'],
  'mixed.example.org': ['93.184.216.34', '127.0.0.1'],
  'metadata.example.org': ['169.254.169.254'],
  'mapped.example.org': ['::ffff:127.0.0.1'],
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-egress-'));
  [refused, asked, dialled] = [[], [], []];
  if (!server.listening) await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  egress = await openEgress({
    socket: join(folder, 's'),
    allowed: [...Object.keys(names), '*.files.example.org', '10.0.0.9:8080', 'model.lan:8080'],
    onRefused: (host, why) => refused.push([host, why]),
    async resolve(name) {
      asked.push(name);
      return names[name] ?? ['192.168.1.1'];
    },
    async dial(to, at) {
      dialled.push(`${to}:${at}`);
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
  });
});

afterEach(async () => {
  await egress.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks for a tunnel: the connection, and the first line of the answer. */
async function tunnel(authority: string, method = 'CONNECT'): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(join(folder, 's'));
  socket.on('error', () => socket.destroy());
  socket.write(Buffer.from(`${method} ${authority} HTTP/1.1\r\nHost: api.example.org:443\r\n\r\n`, 'latin1'));
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    if (Buffer.concat(chunks).includes('\r\n\r\n')) break;
  }
  return { socket, answer: Buffer.concat(chunks).toString('latin1').split('\r\n')[0] ?? '' };
}

/** Everything that is heard through a tunnel in which TLS for this name is begun; empty where it is cut. */
async function greeted(socket: Socket, servername: string | undefined): Promise<string> {
  const pskCallback = () => shared;
  const secure: TLSSocket = tlsConnect({
    ...{ socket, ...psk, pskCallback, checkServerIdentity: () => undefined },
    ...(servername === undefined ? {} : { servername }),
  });
  return heard(secure);
}

function heard(socket: Socket): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(text));
  });
}

describe('the way out of a sandbox', () => {
  it('is a tunnel to a host that is allowed: resolved once, and what was checked is what is dialled', async () => {
    const { socket, answer } = await tunnel('api.example.org:443');
    expect(answer).toBe('HTTP/1.1 200 Connection established');
    expect(await greeted(socket, 'api.example.org')).toBe('hello');
    expect(asked).toEqual(['api.example.org']);
    expect(dialled).toEqual(['93.184.216.34:443']);
    expect(refused).toEqual([]);
  });

  it.each([
    ['a host that is not allowed', 'evil.example:443'],
    ['a host that only ends like one', 'evilapi.example.org.evil.example:443'],
    ['a name with a NUL', 'evil.example\0.files.example.org:443'],
    ['a dot at the end', 'api.example.org.:443'],
    ['other letters', 'api.example.örg:443'],
    ['upper case', 'API.EXAMPLE.ORG:443'],
    ['another port', 'api.example.org:22'],
    ['an address', '93.184.216.34:443'],
    ['an address of this machine', '127.0.0.1:5432'],
    ['an address in another spelling', '2130706433:443'],
    ['an IPv6 address', '[::1]:443'],
    ['a name of this machine', 'localhost:443'],
    ['a name that leads into the network of this machine', 'inner.example.org:443'],
    ['a name of which one address does', 'mixed.example.org:443'],
    ['a name that leads to the metadata of a cloud', 'metadata.example.org:443'],
    ['a name that leads to a mapped address', 'mapped.example.org:443'],
    ['a listed name that leads there', 'model.lan:8080'],
    ['a user in front', 'x@api.example.org:443'],
  ])('is closed for %s', async (_, authority) => {
    expect((await tunnel(authority)).answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(dialled).toEqual([]);
  });

  it.each([['evil.example'], [undefined]])('ends when TLS in it is for %s', async (servername) => {
    const { socket } = await tunnel('api.example.org:443');
    expect(await greeted(socket, servername)).toBe('');
    expect(refused).toEqual([['api.example.org:443', 'what is sent to it is not TLS for that host']]);
  });

  it.each(['GET / HTTP/1.1\r\nHost: api.example.org\r\n\r\n', 'SSH-2.0-x\r\n', 'PRI * HTTP/2.0\r\n\r\n'])(
    'ends when there is no TLS in it: %j',
    async (words) => {
      const { socket } = await tunnel('api.example.org:443');
      const end = heard(socket);
      socket.write(words);
      expect(await end).toBe('');
    },
  );

  it('has no other requests', async () => {
    expect((await tunnel('http://api.example.org/', 'GET')).answer).toBe('HTTP/1.1 403 Forbidden');
    expect(dialled).toEqual([]);
  });

  it('goes to an address that is listed with its port', async () => {
    expect((await tunnel('10.0.0.9:8080')).answer).toContain('200');
    expect(dialled).toEqual(['10.0.0.9:8080']);
  });

  it('tells once of each host that was refused', async () => {
    await tunnel('evil.example:443');
    await tunnel('evil.example:443');
    expect(refused).toEqual([['evil.example:443', '`network` in the settings does not name it']]);
  });
});

describe.skipIf(sandboxMissing())('from within (skipped where bubblewrap does not work)', () => {
  it('a place of this machine that is allowed is reached as ever, and programs are told of the proxy', async () => {
    const machine = await createSandboxFixture({ allowed: (port) => [`127.0.0.1:${port}`] });
    const hears = `$NODE -e 'require("node:net").connect(+process.env.PORT,"127.0.0.1").on("data",(d)=>console.log(String(d)))'`;
    expect((await machine.inside(hears)).stdout).toBe('hello');
    const asks = `$NODE -e 'fetch("https://evil.example/").catch(()=>console.log("no"))'`;
    expect((await machine.inside(asks)).stdout).toBe('no');
    expect(machine.refused).toEqual(['evil.example:443']);
    await machine.remove();
  });
});
