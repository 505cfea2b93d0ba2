import { spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';

// The first program in a sandbox whose network is limited: hands what comes to its loopback on to the proxy outside, over the
// proxy's socket, and starts the agent with the variables that say so. `inside.ts SOCKET PORTS COMMAND ARGUMENT…`; PORTS are those
// of allowed places on this machine itself, such as a model server: programs reach them as ever.
const [socket = '', ports = '', command = '', ...args] = process.argv.slice(2);

const longestAnswer = 4096;

const proxy = await listen(0, (client) => {
  client.pipe(connect(socket).on('error', () => client.destroy())).pipe(client);
});
for (const port of ports.split(',').filter((each) => each !== '')) {
  await listen(Number(port), (client) => throughTunnel(client, `127.0.0.1:${port}`));
}

const url = `http://127.0.0.1:${proxy}`;
const here = 'localhost,127.0.0.1,::1';
const child = spawn(command, args, {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...{ HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url },
    ...{ NO_PROXY: here, no_proxy: here, NODE_USE_ENV_PROXY: '1' },
  },
});
// The agent gets its own chance to end in order.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));

function listen(port: number, serve: (client: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => client.destroy());
    serve(client);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** A connection to an allowed place, as if it were in here. */
function throughTunnel(client: Socket, place: string): void {
  const outside = connect(socket).on('error', () => client.destroy());
  let answer = Buffer.alloc(0);
  outside.write(`CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n\r\n`);
  outside.on('data', function take(chunk) {
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf('\r\n\r\n');
    if (end < 0 && answer.length < longestAnswer) return;
    outside.removeListener('data', take);
    if (!answer.toString('latin1', 0, 12).endsWith(' 200')) {
      client.destroy();
      outside.destroy();
      return;
    }
    client.write(answer.subarray(end + 4));
    outside.pipe(client).pipe(outside);
  });
}
