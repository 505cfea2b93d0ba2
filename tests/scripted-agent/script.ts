import { z } from 'zod';

const optionKind = z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always']);
const toolKind = z.enum([
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'other',
]);
const status = z.enum(['pending', 'in_progress', 'completed', 'failed']);
const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.literal('diff'),
    path: z.string(),
    oldText: z.string().nullable().optional(),
    newText: z.string(),
  }),
  z.strictObject({ type: z.literal('terminal'), terminalId: z.string() }),
]);
const toolFields = {
  id: z.string(),
  title: z.string().optional(),
  kind: toolKind.optional(),
  status: status.optional(),
  content: z.array(content).optional(),
  locations: z.array(z.strictObject({ path: z.string(), line: z.int().optional() })).optional(),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
};
const toolCall = z.strictObject(toolFields);

/** A tool call, or a change of one, as a script writes it: paths are relative to the session's folder, or absolute. */
export type ToolDescription = z.infer<typeof toolCall>;
export type OptionKind = z.infer<typeof optionKind>;

const entry = z.strictObject({
  content: z.string(),
  priority: z.enum(['high', 'medium', 'low']).default('medium'),
  status: z.enum(['pending', 'in_progress', 'completed']).default('pending'),
});
const asks = z.array(optionKind).min(1).optional();
const bytes = z
  .int()
  .min(1)
  .max(512 * 1024 * 1024);

const speech = [
  z.strictObject({ do: z.literal('say'), text: z.string(), messageId: z.string().optional() }),
  z.strictObject({ do: z.literal('think'), text: z.string() }),
  z.strictObject({ do: z.literal('plan'), entries: z.array(entry) }),
  z.strictObject({ do: z.literal('tool'), ...toolFields, title: z.string() }),
  z.strictObject({ do: z.literal('tool-update'), ...toolFields }),
  z.strictObject({
    do: z.literal('usage'),
    used: z.int().min(0),
    size: z.int().min(0),
    cost: z.strictObject({ amount: z.number(), currency: z.string() }).optional(),
  }),
  z.strictObject({ do: z.literal('mode'), mode: z.string() }),
  z.strictObject({ do: z.literal('config'), option: z.string(), value: z.string() }),
  z.strictObject({
    do: z.literal('commands'),
    commands: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  }),
  z.strictObject({ do: z.literal('title'), title: z.string() }),
  z.strictObject({
    do: z.literal('notice'),
    severity: z.string(),
    title: z.string(),
    description: z.string().optional(),
  }),
  z.strictObject({
    do: z.literal('compaction'),
    id: z.string(),
    status: z.string(),
    summary: z.string().optional(),
    error: z.string().optional(),
  }),
  z.strictObject({ do: z.literal('stderr'), text: z.string() }),
] as const;

const deeds = [
  z.strictObject({
    do: z.literal('write'),
    path: z.string(),
    content: z.string(),
    by: z.enum(['disk', 'client']).default('disk'),
    asks,
  }),
  z.strictObject({ do: z.literal('read'), path: z.string(), by: z.enum(['disk', 'client']).default('disk') }),
  z.strictObject({
    do: z.literal('run'),
    command: z.array(z.string()).min(1),
    by: z.enum(['process', 'client']).default('process'),
    asks,
  }),
  z.strictObject({
    do: z.literal('mcp-call'),
    server: z.string(),
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()).default({}),
  }),
] as const;

const waits = [
  z.strictObject({ do: z.literal('wait-for-steer') }),
  z.strictObject({ do: z.literal('wait-for-file'), path: z.string() }),
  z.strictObject({ do: z.literal('sleep-until-cancelled') }),
] as const;

const endings = [
  z.strictObject({
    do: z.literal('end'),
    reason: z.enum(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled']),
  }),
  z.strictObject({
    do: z.literal('error'),
    code: z.int(),
    message: z.string(),
    data: z.unknown().optional(),
  }),
  z.strictObject({
    do: z.literal('exit'),
    code: z.int().min(0).max(255).default(1),
    signal: z.enum(['SIGKILL', 'SIGTERM', 'SIGSEGV']).optional(),
  }),
] as const;

const mischief = [
  z.strictObject({ do: z.literal('hang') }),
  z.strictObject({ do: z.literal('forget-cancel') }),
  z.strictObject({ do: z.literal('flood'), updates: z.int().min(1), bytes: bytes.default(16) }),
  z.strictObject({ do: z.literal('huge'), bytes }),
  z.strictObject({ do: z.literal('garbage'), line: z.string().default('this line is no JSON') }),
  z.strictObject({
    do: z.literal('unknown-update'),
    kind: z.string().default('stub_surprise'),
    fields: z.record(z.string(), z.unknown()).default({}),
  }),
  z.strictObject({
    do: z.literal('daemon'),
    pidFile: z.string(),
    environment: z.enum(['inherited', 'empty']).default('inherited'),
  }),
] as const;

const permission = z.strictObject({
  do: z.literal('ask-permission'),
  tool: toolCall,
  options: z.array(optionKind).min(1).default(['allow_once', 'allow_always', 'reject_once', 'reject_always']),
  withdraw: z.literal(true).optional(),
});
const elicitation = z.strictObject({
  do: z.literal('elicit'),
  message: z.string(),
  properties: z.record(z.string(), z.looseObject({ type: z.string() })),
  required: z.array(z.string()).optional(),
});
const askTwice = z.strictObject({
  do: z.literal('ask-twice'),
  first: toolCall,
  second: toolCall.omit({ id: true }),
  when: z.enum(['together', 'one-after-the-other']).default('one-after-the-other'),
  options: z.array(optionKind).min(1).default(['allow_once', 'reject_once']),
});
const leaf = z.discriminatedUnion('do', [...speech, ...deeds, ...waits, ...endings, ...mischief, askTwice]);

/** What follows an answer. Written out, as are the types below: a schema cannot infer a type that holds itself. */
interface PermissionBranches<Inner> {
  readonly meanwhile?: readonly Inner[];
  readonly allowed?: readonly Inner[];
  readonly rejected?: readonly Inner[];
  readonly cancelled?: readonly Inner[];
}
interface ElicitationBranches<Inner> {
  readonly accepted?: readonly Inner[];
  readonly declined?: readonly Inner[];
  readonly cancelled?: readonly Inner[];
}
interface PermissionStep extends z.infer<typeof permission>, PermissionBranches<Step> {}
interface ElicitationStep extends z.infer<typeof elicitation>, ElicitationBranches<Step> {}
type PermissionInput = z.input<typeof permission>;
interface PermissionStepInput extends PermissionInput, PermissionBranches<StepInput> {}
type ElicitationInput = z.input<typeof elicitation>;
interface ElicitationStepInput extends ElicitationInput, ElicitationBranches<StepInput> {}

/** One step of a script, its defaults filled in. */
export type Step = z.infer<typeof leaf> | PermissionStep | ElicitationStep;
export type StepOf<Name extends Step['do']> = Extract<Step, { do: Name }>;
/** A step as a test writes it. */
export type StepInput = z.input<typeof leaf> | PermissionStepInput | ElicitationStepInput;

const branch: z.ZodType<readonly Step[] | undefined, readonly StepInput[] | undefined> = z.lazy(() =>
  z.array(stepSchema).optional(),
);
const stepSchema: z.ZodType<Step, StepInput> = z.discriminatedUnion('do', [
  ...leaf.options,
  permission.extend({ meanwhile: branch, allowed: branch, rejected: branch, cancelled: branch }),
  elicitation.extend({ accepted: branch, declined: branch, cancelled: branch }),
]);

/** The steps of the last fenced `script` block of a prompt, one JSON object a line; `undefined` without a block. */
export function findScript(prompt: string): readonly Step[] | undefined {
  const block = [...prompt.matchAll(/^[ \t]*```script\r?\n(.*?)^[ \t]*```/gms)].at(-1)?.[1];
  if (block === undefined) return undefined;
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => stepSchema.parse(JSON.parse(line)));
}

/** The steps of a script file: a JSON array. */
export function parseScriptFile(text: string): readonly Step[] {
  return z.array(stepSchema).parse(JSON.parse(text));
}

/** A prompt that carries these steps, behind some words if given. */
export function scripted(steps: readonly StepInput[], words = 'Do this:'): string {
  return [words, '```script', ...steps.map((step) => JSON.stringify(step)), '```'].join('\n');
}
