import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Method } from '../api/method.ts';
import type { OAuth } from '../api/oauth.ts';
import { Refusal } from '../api/refusal.ts';
import type { Call } from '../calls.ts';
import type { Fault } from '../faults.ts';
import { privateFile, receiveUpload, signInPage } from '../files.ts';
import { answerAt } from '../response-urls.ts';
import type { Slack } from '../slack.ts';
import { answer, type Reply } from './reply.ts';
import { callMethod, readArguments, readToken } from './web-api.ts';

/** Everything that Slack serves over HTTP. */
export function createRoutes(slack: Slack, methods: ReadonlyMap<string, Method>, oauth: OAuth) {
  const elsewhere = new Map<string, string>();
  const routes: readonly (readonly [
    string,
    string,
    (request: IncomingMessage, rest: string, serve: Serve) => Promise<void>,
  ])[] = [
    ['POST', '/api/', webApi],
    ['POST', '/upload/v1/', upload],
    ['GET', '/files-pri/', download],
    ['GET', '/elsewhere/', fromElsewhere],
    ['POST', '/response/', respond],
    ['GET', '/oauth/v2/authorize', authorize],
  ];

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const route = routes.find(([verb, prefix]) => request.method === verb && pathname.startsWith(prefix));
    if (route === undefined) return void response.writeHead(404).end('not found');
    const serve: Serve = async (method, args, token, act) => {
      const call: Call = { method, args, at: slack.clock.now(), status: 0, ...(token !== undefined && { token }) };
      slack.calls.add(call);
      await answer({ call, response, clock: slack.clock, faults: slack.faults }, act);
      slack.changes.notify();
    };
    try {
      await route[2](request, pathname.slice(route[1].length), serve);
    } catch (error) {
      // A client that gave up in the middle of its own request is nothing wrong with the stand-in.
      if (request.errored === null) throw error;
    }
  };

  async function webApi(request: IncomingMessage, name: string, serve: Serve): Promise<void> {
    const args = readArguments(request, await bodyOf(request));
    const token = readToken(request, args);
    await serve(name, args, token, () => callMethod(slack, methods.get(name), args, token));
  }

  async function upload(request: IncomingMessage, rest: string, serve: Serve): Promise<void> {
    await serve('upload', { path: rest }, undefined, async () => {
      const [status, body] = await receiveUpload(slack, rest, request);
      return { status, body };
    });
    // What a fault left unread would keep the sender waiting.
    request.resume();
  }

  async function download(request: IncomingMessage, rest: string, serve: Serve): Promise<void> {
    const token = readToken(request, {});
    await serve('download', { path: rest }, token, (fault) => {
      const file = privateFile(slack, rest, token);
      if (file?.bytes === undefined)
        return { status: 200, body: signInPage, headers: { 'content-type': 'text/html; charset=utf-8' } };
      if (fault?.kind !== 'elsewhere') return fileReply(file.bytes, file.mimetype);
      const secret = randomUUID();
      elsewhere.set(secret, rest);
      return {
        status: 302,
        body: '',
        headers: {
          location: `${fault.address ?? slack.origin().replace('127.0.0.1', 'localhost')}/elsewhere/${secret}/${rest}`,
        },
      };
    });
  }

  async function fromElsewhere(request: IncomingMessage, rest: string, serve: Serve): Promise<void> {
    const token = readToken(request, {});
    await serve('elsewhere', { path: rest }, token, () => {
      const path = elsewhere.get(rest.slice(0, rest.indexOf('/')));
      const id = /^[^-/]+-([^/]+)\//.exec(path ?? '')?.[1] ?? '';
      const file = [...slack.workspaces.values()].flatMap((workspace) => workspace.files.get(id) ?? [])[0];
      return file?.bytes === undefined ? { status: 404, body: 'not found' } : fileReply(file.bytes, file.mimetype);
    });
  }

  async function respond(request: IncomingMessage, id: string, serve: Serve): Promise<void> {
    const body: unknown = JSON.parse(await bodyOf(request));
    await serve('response_url', body as Readonly<Record<string, unknown>>, undefined, () => {
      try {
        answerAt(slack, slack.responseUrls.use(id), body);
        return { status: 200, body: 'ok' };
      } catch (error) {
        if (error instanceof Refusal)
          return { status: error.code.endsWith('_url') ? 404 : 400, body: error.code, error: error.code };
        throw error;
      }
    });
  }

  async function authorize(request: IncomingMessage, _rest: string, serve: Serve): Promise<void> {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    await serve('authorize', Object.fromEntries(query), undefined, () => {
      try {
        return { status: 302, body: '', headers: { location: oauth.authorize(slack, query) } };
      } catch (error) {
        if (error instanceof Refusal)
          return { status: 200, body: `<html><body>${error.code}</body></html>`, error: error.code };
        throw error;
      }
    });
  }
}

type Serve = (
  method: string,
  args: Readonly<Record<string, unknown>>,
  token: string | undefined,
  act: (fault: Fault | undefined) => Reply | Promise<Reply>,
) => Promise<void>;

function fileReply(bytes: Buffer, mimetype: string): Reply {
  return { status: 200, body: bytes, headers: { 'content-type': mimetype, 'content-length': String(bytes.length) } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  return Buffer.concat(parts).toString();
}
