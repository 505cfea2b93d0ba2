import { EventEmitter, once } from 'node:events';
import { type ParsedRequest, RefusedRequest } from './protocol.ts';
import type { ModelRequest } from './requests.ts';
import type { ModelTurn, ToolUse } from './turns.ts';

/** A turn that may depend on the request that takes it: a folder to write in is only known from the prompt. */
export type ScriptedTurn = ModelTurn | ((request: ModelRequest) => ModelTurn);

/** The turns of a model and the requests that took them. */
export interface Script {
  readonly requests: ModelRequest[];
  readonly sideRequests: ModelRequest[];
  readonly refused: ModelRequest[];
  turnsLeft(): number;
  add(...turns: readonly ScriptedTurn[]): void;
  /**
   * The turn for a request, its tools named as the agent names them.
   * @throws {RefusedRequest} the script is over, or the agent offers no tool that the turn wants
   */
  take(request: ModelRequest, parsed: ParsedRequest): ModelTurn;
  refuse(request: ModelRequest, reason: string): void;
  nextNumber(): number;
  awaitRequest(number: number): Promise<ModelRequest>;
}

export function createScript(turns: readonly ScriptedTurn[], side: string, earlier: number): Script {
  const left = [...turns];
  const requests: ModelRequest[] = [];
  const sideRequests: ModelRequest[] = [];
  const refused: ModelRequest[] = [];
  const arrivals = new EventEmitter();
  let answers = earlier;
  return {
    requests,
    sideRequests,
    refused,
    turnsLeft: () => left.length,
    add: (...more) => left.push(...more),
    take(request, { tools }) {
      if (tools.length === 0) {
        sideRequests.push(request);
        return { text: side };
      }
      const [next] = left;
      if (next === undefined) throw new RefusedRequest('The script of the stub model is over');
      const turn = nameTools(typeof next === 'function' ? next(request) : next, tools);
      left.shift();
      request.turn = turn;
      requests.push(request);
      arrivals.emit('request');
      return turn;
    },
    refuse(request, reason) {
      request.refusal = reason;
      refused.push(request);
    },
    nextNumber: () => ++answers,
    async awaitRequest(number) {
      for (;;) {
        const request = requests[number - 1];
        if (request !== undefined) return request;
        await once(arrivals, 'request');
      }
    },
  };
}

function nameTools(turn: ModelTurn, offered: readonly string[]): ModelTurn {
  const name = (use: ToolUse): ToolUse => {
    const { tool } = use;
    const found = offered.find((candidate) => (typeof tool === 'string' ? candidate === tool : tool.test(candidate)));
    if (found === undefined)
      throw new RefusedRequest(`The agent offers no tool ${String(tool)}, only ${offered.join(', ')}`);
    return { ...use, tool: found };
  };
  if ('tools' in turn) return { ...turn, tools: turn.tools.map(name) };
  return 'tool' in turn ? { ...turn, ...name(turn) } : turn;
}
