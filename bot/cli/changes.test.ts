import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openChanges } from './changes.ts';

it('goes on where it broke off when the bot is started anew, at another address', async () => {
  const asked: (string | undefined)[] = [];
  const event = (id: string, name: string, data: object) =>
    `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
  const serve = async (...events: readonly string[]) => {
    const server = createServer((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      response.write(events.join(''));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const end = () => {
      server.closeAllConnections();
      server.close();
    };
    onTestFinished(end);
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, end };
  };
  const first = await serve(event('1', 'ready', {}), event('2', 'message', { id: 'a' }));
  const second = await serve(event('3', 'message', { id: 'b' }));
  const changes = await openChanges(async (again) => (again ? second.url : first.url));
  onTestFinished(changes.close);
  expect(await changes.next(10_000)).toEqual({ id: 'a' });
  first.end();
  expect(await changes.next(10_000)).toEqual({ id: 'b' });
  expect(asked).toEqual([undefined, '2']);
});
