import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { anthropicAnswer } from './anthropic.ts';
import { openaiAnswer } from './openai.ts';

/** What the model says next: words, or that a tool is to be called; or how it fails. */
type PlainTurn =
  | SaidTurn
  | { readonly status: number; readonly body: object }
  /** Never answers. */
  | { readonly hang: true };

/** A turn may depend on what is asked. */
export type ModelTurn = PlainTurn | ((request: ModelRequest) => PlainTurn);

export interface StubModel {
  readonly url: string;
  /** Requests that had tools, in order: the side requests of agents (titles, summaries) have none. */
  readonly requests: readonly ModelRequest[];
  /** Resolves when so many requests with tools have come. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A turn that is an answer of the model. */
type SaidTurn =
  | { readonly text: string }
  | { readonly tool: string | RegExp; readonly input: Readonly<Record<string, unknown>> };

/** What both protocols have in common, as far as a script needs it. */
const modelRequest = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ role: z.string() })),
  tools: z
    .array(z.looseObject({ name: z.string().optional(), function: z.looseObject({ name: z.string() }).optional() }))
    .optional(),
});
export type ModelRequest = z.infer<typeof modelRequest>;

/** How an answer is written in one protocol. */
export type WriteAnswer = (response: ServerResponse, request: ModelRequest, turn: SaidTurn) => void;

const protocols: readonly (readonly [path: RegExp, write: WriteAnswer])[] = [
  [/\/chat\/completions$/, openaiAnswer],
  [/\/v1\/messages$/, anthropicAnswer],
];

/** A server that answers as a language model would, by a script: each request with tools takes the next turn, the last one repeats. */
export async function startStubModel(script: readonly ModelTurn[]): Promise<StubModel> {
  const requests: ModelRequest[] = [];
  const news = new EventEmitter();
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://stub').pathname;
    const write = protocols.find(([pattern]) => pattern.test(path))?.[1];
    const parsed = modelRequest.safeParse(await bodyOf(request));
    if (write === undefined || !parsed.success) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not here"}}');
      return;
    }
    if ((parsed.data.tools ?? []).length === 0) {
      write(response, parsed.data, { text: 'A title' });
      return;
    }
    const scripted = script[Math.min(requests.length, script.length - 1)] ?? { text: 'Done.' };
    const turn = typeof scripted === 'function' ? scripted(parsed.data) : scripted;
    requests.push(parsed.data);
    news.emit('request');
    if ('hang' in turn) return;
    if ('status' in turn)
      response.writeHead(turn.status, { 'content-type': 'application/json' }).end(JSON.stringify(turn.body));
    else write(response, parsed.data, named(turn, parsed.data));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async asked(count) {
      while (requests.length < count) await once(news, 'request');
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Agents name their tools differently: a pattern finds the one that this agent offers. */
function named(
  turn: Extract<ModelTurn, { text: string } | { tool: unknown }>,
  { tools = [] }: ModelRequest,
): typeof turn {
  if (!('tool' in turn) || typeof turn.tool === 'string') return turn;
  const pattern = turn.tool;
  const names = tools.map((tool) => tool.name ?? tool.function?.name ?? '');
  const found = names.find((name) => pattern.test(name));
  if (found === undefined) return { text: `No tool fits ${String(pattern)} of ${names.join(', ')}` };
  return { ...turn, tool: found };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // No JSON: the same as a request of the wrong shape.
    return undefined;
  }
}
