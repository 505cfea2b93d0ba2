import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './turns.ts';

/** A request in the words of all protocols. */
export interface ParsedRequest {
  readonly model: string;
  readonly streamed: boolean;
  /** Names of the tools that the agent offers. */
  readonly tools: readonly string[];
  /** Those of them that take a text instead of JSON: the values of what a script gives them. */
  readonly custom?: readonly string[];
  /** Whether a stream ends with the tokens (OpenAI sends them only when asked to). */
  readonly wantsUsage: boolean;
}

/** One protocol: how its requests are read, and how its answers are written. */
export interface Protocol {
  readonly name: 'openai' | 'anthropic' | 'gemini' | 'responses';
  /** The end of its path: whatever stands before is the base address that the agent was given. */
  readonly path: string;
  /** @throws {RefusedRequest} what the provider would refuse */
  parse(body: unknown, headers: IncomingHttpHeaders): ParsedRequest;
  whole(answer: Answer): object;
  /** Server-sent events, in two parts: a broken stream sends the first alone. */
  stream(answer: Answer, request: ParsedRequest): readonly [first: string, second: string];
  error(status: number, message: string): object;
  /** The event of an error in the middle of a stream. */
  errorEvent(message: string): string;
}

/** A request that the provider would not take: 400 or 401, with the reason. */
export class RefusedRequest extends Error {
  readonly code = 'refused_request';
  readonly status: 400 | 401;
  constructor(message: string, status: 400 | 401 = 400) {
    super(message);
    this.status = status;
  }
}

/**
 * Every tool call has to be answered by what comes next, and nothing else may be answered: both providers refuse a history
 * that breaks this.
 * @param history for each message: the calls that it makes and the calls that it answers
 */
export function checkToolCalls(
  history: readonly { readonly calls: readonly string[]; readonly answers: readonly string[] }[],
): void {
  let open: readonly string[] = [];
  for (const [index, { calls, answers }] of history.entries()) {
    const stranger = answers.find((id) => !open.includes(id));
    if (stranger !== undefined)
      throw new RefusedRequest(`messages.${index} answers ${stranger}, which is no open tool call`);
    open = open.filter((id) => !answers.includes(id));
    // Answers to several calls may come one message each; anything else has to wait for them.
    if (open.length > 0 && answers.length === 0)
      throw new RefusedRequest(`messages.${index} comes before the answer to the tool call ${open.join(', ')}`);
    open = [...open, ...calls];
  }
  if (open.length > 0) throw new RefusedRequest(`The tool call ${open.join(', ')} has no answer`);
}
