import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Destination, isAddress, type Reach, reachOf, readDestination } from '#core/agents/network.ts';
import { readClientHello } from './client-hello.ts';
import { isPublicAddress } from './public-address.ts';

/** The only way out of a sandbox: a proxy on a socket in the file system, which opens tunnels (CONNECT) to allowed hosts. */
export interface Egress {
  close(): Promise<void>;
}

export interface EgressOptions {
  /** Where it listens; only the sandbox and this user can open it. */
  readonly socket: string;
  readonly allowed: readonly string[];
  /** Hears of each host that was refused once, and why. */
  readonly onRefused: (host: string, why: string) => void;
  /** Every address of a name. Default: as this machine resolves it. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Connects to an address. Default: over the network. */
  readonly dial?: (address: string, port: number) => Promise<Socket>;
}

/** Tunnels at once: an agent and its tools need a few dozen. */
const mostTunnels = 128;
/** To connect, and to say what is wanted; milliseconds. */
const patienceMs = 10_000;
/** Refused hosts that are told of. */
const mostTold = 20;

class Refused extends Error {
  readonly code = 'refused';
}

export async function openEgress(options: EgressOptions): Promise<Egress> {
  const { socket: path, allowed, onRefused, resolve = addressesOf, dial = dialled } = options;
  const open = new Set<Duplex>();
  const told = new Set<string>();
  // Plain requests would be answered by whoever stands between: only tunnels are opened.
  const server = createServer((_, response) => {
    response.writeHead(403, { connection: 'close' }).end('Only CONNECT, to hosts that the settings name.\n');
  });
  server.on('connection', (client) => track(client));
  server.on('connect', ({ url = '' }, client, first) => void serve(url, client, first));
  await new Promise<void>((ready, reject) => {
    server.once('error', reject);
    server.listen(path, ready);
  });

  function track(stream: Duplex): void {
    open.add(stream);
    stream.on('close', () => open.delete(stream));
    // Either side may go away at any time.
    stream.on('error', () => stream.destroy());
  }

  async function serve(authority: string, client: Duplex, first: Buffer): Promise<void> {
    try {
      await tunnel(authority, client, first);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof Refused) tell(authority, why);
      refuse(client, error instanceof Refused ? 403 : 502, why);
    }
  }

  function tell(host: string, why: string): void {
    if (told.has(host) || told.size >= mostTold) return;
    told.add(host);
    onRefused(host, why);
  }

  async function tunnel(authority: string, client: Duplex, first: Buffer): Promise<void> {
    const destination = readDestination(authority);
    if (destination === undefined) throw new Refused('it is written in a way that is not accepted');
    const reach = reachOf(destination, allowed);
    if (reach === undefined) throw new Refused('`network` in the settings does not name it');
    if (open.size > 2 * mostTunnels) throw new Refused('too many connections at once');
    const server = await dial(await safeAddress(destination, reach, resolve), destination.port);
    track(server);
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.write(reach === 'tls' ? await greetingFor(destination.host, client, first) : first);
    server.pipe(client).pipe(server);
  }

  return {
    async close() {
      for (const stream of open) stream.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Resolves once and gives what is dialled: what a name means can't change in between. */
async function safeAddress(
  { host, port }: Destination,
  reach: Reach,
  resolve: (name: string) => Promise<readonly string[]>,
): Promise<string> {
  if (isAddress(host)) return host;
  const addresses = await resolve(host);
  const [first] = addresses;
  if (first === undefined) throw new Error(`${host} has no address`);
  if (addresses.every(isPublicAddress)) return first;
  const how = reach === 'exact' ? `; to allow that, name the address: ${first}:${port}` : '';
  throw new Refused(`it leads to an address that is not public${how}`);
}

async function addressesOf(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address);
}

function dialled(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, timeout: patienceMs });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** The first bytes of a tunnel: a TLS greeting for exactly the host that was named, or it ends here. */
async function greetingFor(host: string, client: Duplex, first: Buffer): Promise<Buffer> {
  let bytes = first;
  const late = setTimeout(() => client.destroy(new Error('no greeting')), patienceMs);
  try {
    for (;;) {
      const hello = readClientHello(bytes);
      if (hello.kind === 'tls' && hello.serverName === host) return bytes;
      if (hello.kind !== 'unfinished') {
        client.destroy();
        throw new Refused('what is sent to it is not TLS for that host');
      }
      bytes = Buffer.concat([bytes, await nextOf(client)]);
    }
  } finally {
    clearTimeout(late);
  }
}

function nextOf(stream: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      stream.removeListener('data', take);
      stream.removeListener('close', gone);
    };
    const take = (chunk: Buffer) => {
      stream.pause();
      settle();
      resolve(chunk);
    };
    const gone = () => {
      settle();
      reject(new Error('it was hung up'));
    };
    stream.once('data', take);
    stream.once('close', gone);
    stream.resume();
    if (stream.destroyed) gone();
  });
}

function refuse(client: Duplex, status: number, why: string): void {
  if (client.destroyed) return;
  client.end(`HTTP/1.1 ${status} ${status === 403 ? 'Forbidden' : 'Bad Gateway'}\r\nconnection: close\r\n\r\n${why}\n`);
}
