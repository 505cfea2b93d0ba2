import type { WriteAnswer } from './stub-model.ts';

/** Messages, streamed or whole: https://docs.anthropic.com/en/api/messages */
export const anthropicAnswer: WriteAnswer = (response, { model, stream }, turn) => {
  const content =
    'tool' in turn
      ? { type: 'tool_use', id: 'toolu_1', name: turn.tool, input: turn.input }
      : { type: 'text', text: turn.text };
  const stopReason = 'tool' in turn ? 'tool_use' : 'end_turn';
  const base = { id: 'msg_1', type: 'message', role: 'assistant', model };
  if (stream !== true) {
    const body = {
      ...base,
      content: [content],
      stop_reason: stopReason,
      stop_sequence: null,
      usage: { input_tokens: 100, output_tokens: 20 },
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', {
    message: {
      ...base,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 100, output_tokens: 1 },
    },
  });
  const start = 'tool' in turn ? { ...content, input: {} } : { type: 'text', text: '' };
  send('content_block_start', { index: 0, content_block: start });
  const delta =
    'tool' in turn
      ? { type: 'input_json_delta', partial_json: JSON.stringify(turn.input) }
      : { type: 'text_delta', text: turn.text };
  send('content_block_delta', { index: 0, delta });
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 20 } });
  send('message_stop', {});
  response.end();
};
