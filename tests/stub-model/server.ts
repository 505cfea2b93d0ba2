import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { openai } from './openai.ts';
import { type Protocol, RefusedRequest } from './protocol.ts';
import { type ModelRequest, noteRequest, pathOf, readBody } from './requests.ts';
import { responses } from './responses.ts';
import { createScript, type Script, type ScriptedTurn } from './script.ts';
import { breakOff, writeAnswer, writeJson } from './writing.ts';

export interface StubModel {
  /** Base address without a path: Anthropic's as it is, OpenAI's with `/v1` behind it. */
  readonly url: string;
  /** The requests that offered tools and were taken, in order: each took a turn. */
  readonly requests: readonly ModelRequest[];
  /** Requests without tools (titles, summaries, checks of a key): they take no turn. */
  readonly sideRequests: readonly ModelRequest[];
  /** What the provider would not have taken, and what came after the script's end: empty in a good test. */
  readonly refused: readonly ModelRequest[];
  /** How many turns nobody has taken yet. */
  turnsLeft(): number;
  add(...turns: readonly ScriptedTurn[]): void;
  /** The request that takes turn `number`, counted from 1, as soon as it is there. */
  awaitRequest(number: number): Promise<ModelRequest>;
  /** Cuts what is open. */
  close(): Promise<void>;
}

export interface StubModelOptions {
  /** What side requests are told. */
  readonly side?: string;
  /** Answers that another one gave before to the same agent: ids of tool calls go on behind them. */
  readonly earlier?: number;
}

const protocols: readonly Protocol[] = [openai, anthropic, gemini, responses];

/** A language model on loopback that says what a script says, in the protocol it is asked in. */
export async function startStubModel(
  turns: readonly ScriptedTurn[],
  { side = 'A short title', earlier = 0 }: StubModelOptions = {},
): Promise<StubModel> {
  const script = createScript(turns, side, earlier);
  const server = createServer((request, response) => {
    serve(request, response, script).catch((error: unknown) => response.destroy(error as Error));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: script.requests,
    sideRequests: script.sideRequests,
    refused: script.refused,
    turnsLeft: script.turnsLeft,
    add: script.add,
    awaitRequest: script.awaitRequest,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  const path = pathOf(request);
  const protocol = protocols.find((candidate) => path.endsWith(candidate.path));
  const body = await readBody(request);
  const noted = noteRequest(request, response, body, protocol?.name ?? 'unknown');
  if (protocol === undefined || request.method !== 'POST') {
    serveAround(noted, response, script);
    return;
  }
  try {
    const parsed = protocol.parse(body, request.headers);
    const turn = script.take(noted, parsed);
    if ('hang' in turn) return;
    if ('cut' in turn) breakOff(response);
    else writeAnswer(response, turn, script.nextNumber(), protocol, parsed);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    script.refuse(noted, error.message);
    writeJson(response, error.status, protocol.error(error.status, error.message));
  }
}

/** What agents ask besides: whether somebody is there, which models there are, how many tokens a prompt has. */
function serveAround(noted: ModelRequest, response: ServerResponse, script: Script): void {
  if (noted.method === 'HEAD') {
    response.writeHead(200).end();
  } else if (noted.method === 'GET' && noted.path.endsWith('/models')) {
    writeJson(response, 200, { object: 'list', data: [] });
  } else if (noted.method === 'POST' && noted.path.endsWith('/v1/messages/count_tokens')) {
    writeJson(response, 200, { input_tokens: 100 });
  } else {
    script.refuse(noted, `Nothing is served at ${noted.method} ${noted.path}`);
    writeJson(response, 404, { error: { message: 'Not found' } });
  }
}
