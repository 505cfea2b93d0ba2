import { z } from 'zod';
import { commandTools } from '#core/commands/agent-tools.ts';
import { answerBounds } from '#core/task/question-limit.ts';

/** What only an agent asks of Commander, so that no command says it: name, description for the agent, input. */
const runTools = {
  report_progress: {
    description: 'Show the people in the thread, in one short sentence, what you are doing now.',
    input: z.object({ text: z.string().min(1).max(500) }),
  },
  ask_person: {
    description:
      'Ask the people in the thread something that you can not find out yourself, and wait for the answer. Offer options where a choice is enough. Say in “otherwise” what you take when nobody answers in time; without it you go on without an answer then. Never let it be something that can not be taken back.',
    input: z
      .object({
        question: z.string().min(1).max(2_000),
        options: z.array(z.string().min(1).max(75)).max(10).optional(),
        otherwise: z.string().min(1).max(200).optional().describe('One of the options, where there are any'),
        within_minutes: z
          .number()
          .int()
          .min(answerBounds.least / 60_000)
          .max(answerBounds.most / 60_000)
          .optional()
          .describe('How long an answer is waited for; as the project says it unless said'),
      })
      .refine(
        ({ options = [], otherwise }) => otherwise === undefined || options.length === 0 || options.includes(otherwise),
        {
          path: ['otherwise'],
          error: 'must be one of the options',
        },
      ),
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
  create_task: {
    description:
      'Ask for another task, in the name of the person you work for: a request in plain words that says what and in which project, as a person would. A person is asked first. Only for work that is not part of yours.',
    input: z.object({ request: z.string().min(1).max(4_000) }),
  },
  send_message: {
    description: 'Leave a message for whoever works on another task of the same person: what you found that it needs.',
    input: z.object({ task: z.number().int().positive().describe('Its number'), text: z.string().min(1).max(4_000) }),
  },
  inbox: {
    description: 'What was left for your task by those who work on other tasks.',
    input: z.object({}),
  },
} as const;

/** A tool as the agent gets to know it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
}

/** All that an agent can ask of Commander: what the command table gives to agents, and a few more. */
export const tools: readonly Tool[] = [
  ...Object.entries(runTools).map(([name, tool]) => ({ name, ...tool })),
  ...commandTools,
];

const commandCall = z
  .object({ id: z.number(), tool: z.enum(commandTools.map(({ name }) => name)), input: z.looseObject({}) })
  .refine(({ tool, input }) => commandTools.find(({ name }) => name === tool)?.input.safeParse(input).success);

/** One call of a tool, as the server process hands it to the run. */
export const toolCall = z.union([
  z.discriminatedUnion('tool', [
    z.object({ id: z.number(), tool: z.literal('report_progress'), input: runTools.report_progress.input }),
    z.object({ id: z.number(), tool: z.literal('ask_person'), input: runTools.ask_person.input }),
    z.object({ id: z.number(), tool: z.literal('request_approval'), input: runTools.request_approval.input }),
    z.object({ id: z.number(), tool: z.literal('publish_output'), input: runTools.publish_output.input }),
    z.object({ id: z.number(), tool: z.literal('create_task'), input: runTools.create_task.input }),
    z.object({ id: z.number(), tool: z.literal('send_message'), input: runTools.send_message.input }),
    z.object({ id: z.number(), tool: z.literal('inbox'), input: runTools.inbox.input }),
  ]),
  commandCall.transform(({ id, tool, input }) => ({ id, tool: 'command' as const, name: tool, input })),
]);
export type ToolCall = z.infer<typeof toolCall>;

/** Who made a call no longer waits for its answer. */
export const cancelledCall = z.strictObject({ cancel: z.number() });

/** The answer to a call. */
export const toolAnswer = z.object({ id: z.number(), text: z.string(), failed: z.boolean() });
export type ToolAnswer = z.infer<typeof toolAnswer>;
