import type { WriteAnswer } from './stub-model.ts';

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** Chat completions, streamed or whole: https://platform.openai.com/docs/api-reference/chat */
export const openaiAnswer: WriteAnswer = (response, { model, stream }, turn) => {
  const calls =
    'tool' in turn
      ? [
          {
            index: 0,
            id: 'call_1',
            type: 'function',
            function: { name: turn.tool, arguments: JSON.stringify(turn.input) },
          },
        ]
      : undefined;
  const message =
    calls === undefined
      ? { role: 'assistant', content: 'text' in turn ? turn.text : '' }
      : { role: 'assistant', content: null, tool_calls: calls };
  const finish = calls === undefined ? 'stop' : 'tool_calls';
  const base = { id: 'chatcmpl-1', created: 1, model };
  if (stream !== true) {
    const body = { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }], usage };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (choices: readonly object[], more: object = {}) =>
    response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  chunk([{ index: 0, delta: message, finish_reason: null }]);
  chunk([{ index: 0, delta: {}, finish_reason: finish }], { usage });
  response.end('data: [DONE]\n\n');
};
