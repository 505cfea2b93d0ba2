import type { StubModel } from './server.ts';

/** The protocols that the server speaks. */
export const protocols = ['openai', 'anthropic'] as const;
export type ProtocolName = (typeof protocols)[number];

const schema = { type: 'object', properties: {} };
const tools = {
  openai: ['bash', 'edit'].map((name) => ({ type: 'function', function: { name, parameters: schema } })),
  anthropic: ['bash', 'edit'].map((name) => ({ name, input_schema: schema })),
};
const paths = { openai: '/v1/chat/completions', anthropic: '/v1/messages?beta=true' };
const headers = {
  openai: { authorization: 'Bearer none' },
  anthropic: { 'x-api-key': 'none', 'anthropic-version': '2023-06-01' },
};

/** Sends a good request of a protocol, with the tools `bash` and `edit`, changed by `more`. */
export function ask(model: StubModel, protocol: ProtocolName, more: object = {}, init: RequestInit = {}) {
  const messages = [{ role: 'user', content: 'Hello' }];
  return fetch(`${model.url}${paths[protocol]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers[protocol] },
    body: JSON.stringify({ model: 'stub', max_tokens: 10, messages, tools: tools[protocol], ...more }),
    ...init,
  });
}
