import { z } from 'zod';

/** What an agent can ask of Commander, beyond its own tools: name, description for the agent, input. */
export const tools = {
  report_progress: {
    description: 'Show the people in the thread, in one short sentence, what you are doing now.',
    input: z.object({ text: z.string().min(1).max(500) }),
  },
  ask_person: {
    description:
      'Ask the people in the thread something that you can not find out yourself, and wait for the answer. Offer options where a choice is enough.',
    input: z.object({
      question: z.string().min(1).max(2_000),
      options: z.array(z.string().min(1).max(75)).max(10).optional(),
    }),
  },
  request_approval: {
    description:
      'Ask a person to allow something that has effects outside of your folder, before you do it. Returns approved or denied.',
    input: z.object({
      action: z.string().min(1).max(8_000).describe('Exactly what will be done'),
      reason: z.string().min(1).max(500),
    }),
  },
  publish_output: {
    description: 'Give a file of your folder (a report, an image, an archive) to the people in the thread.',
    input: z.object({ path: z.string().min(1).max(1_000).describe('Relative to your folder') }),
  },
} as const;

export type ToolName = keyof typeof tools;

/** One call of a tool, as the server process hands it to the run. */
export const toolCall = z.discriminatedUnion('tool', [
  z.object({ id: z.number(), tool: z.literal('report_progress'), input: tools.report_progress.input }),
  z.object({ id: z.number(), tool: z.literal('ask_person'), input: tools.ask_person.input }),
  z.object({ id: z.number(), tool: z.literal('request_approval'), input: tools.request_approval.input }),
  z.object({ id: z.number(), tool: z.literal('publish_output'), input: tools.publish_output.input }),
]);
export type ToolCall = z.infer<typeof toolCall>;

/** The answer to a call. */
export const toolAnswer = z.object({ id: z.number(), text: z.string(), failed: z.boolean() });
export type ToolAnswer = z.infer<typeof toolAnswer>;
