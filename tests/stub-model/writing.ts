import type { ServerResponse } from 'node:http';
import type { ParsedRequest, Protocol } from './protocol.ts';
import { type Answer, type ModelTurn, usualUsage } from './turns.ts';

type SpokenTurn = Exclude<ModelTurn, { hang: true } | { cut: true }>;

/** Answers a request with a turn: an error, a whole answer or a stream, which may break off. */
export function writeAnswer(
  response: ServerResponse,
  turn: SpokenTurn,
  number: number,
  protocol: Protocol,
  request: ParsedRequest,
): void {
  if ('status' in turn) {
    const { status, headers, body = protocol.error(status, `The script says ${status}`) } = turn;
    writeJson(response, status, body, headers);
    return;
  }
  const answer = answerOf(turn, number, request.model);
  const breaks = 'breaks' in turn ? turn.breaks : undefined;
  if (request.streamed) {
    const [first, second] = protocol.stream(answer, request);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(first);
    if (breaks === undefined) response.end(second);
    else if (breaks === 'cut') breakOff(response);
    else if (breaks === 'error') response.end(protocol.errorEvent('The script broke off here'));
    return;
  }
  if (breaks === undefined) writeJson(response, 200, protocol.whole(answer));
  else if (breaks === 'cut') breakOff(response);
  else if (breaks === 'error') writeJson(response, 500, protocol.error(500, 'The script broke off here'));
}

export function writeJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Cuts the connection, after what was written reached the other side. */
export function breakOff(response: ServerResponse): void {
  response.socket?.destroySoon();
}

function answerOf(turn: Exclude<SpokenTurn, { status: number }>, number: number, model: string): Answer {
  const uses = 'tools' in turn ? turn.tools : 'tool' in turn ? [turn] : [];
  return {
    number,
    model,
    text: turn.text,
    // Ids are unique in the server: two calls of one answer differ, and so do those of two answers.
    tools: uses.map(({ tool, input }, index) => ({ id: number * 100 + index, name: String(tool), input })),
    stop: uses.length > 0 ? 'tool' : ('stop' in turn && turn.stop) || 'end',
    usage: turn.usage ?? usualUsage,
  };
}
