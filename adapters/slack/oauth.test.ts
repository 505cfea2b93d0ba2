import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createExchange, WholeOrganisation } from './oauth.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const installing = { clientId: '1.2', clientSecret: 'secret', workspaces: 'any' } as const;

it('a whole organisation is refused in words, and its token is given back', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url}`);
    const granted = { access_token: 'xoxb-org', is_enterprise_install: true, team: null, enterprise: { id: 'E1' } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, ...(request.url?.endsWith('oauth.v2.access') ? granted : {}) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const exchange = createExchange(installing, { apiUrl, callMs: 10_000, log });
  const refused = exchange.install('code', 'https://commander.example/slack/oauth_redirect');
  await expect(refused).rejects.toThrow(WholeOrganisation);
  await expect(refused).rejects.toThrow('single workspaces');
  expect(asked).toEqual(['/api/oauth.v2.access', '/api/auth.revoke']);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
