import { z } from 'zod';

const kind = z.enum(['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'switch_mode', 'other']);
const toolStatus = z.enum(['pending', 'in_progress', 'completed', 'failed']);
const call = z.strictObject({
  id: z.string(),
  title: z.string().optional(),
  kind: kind.optional(),
  status: toolStatus.optional(),
  rawInput: z.unknown().optional(),
  paths: z.array(z.string()).optional(),
  diff: z.strictObject({ path: z.string(), oldText: z.string().optional(), newText: z.string() }).optional(),
});

const optionKind = z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always']);
const asked = call.extend({ options: z.array(optionKind).optional() });
/** Not before this file is there. */
const after = { after: z.string() };
const form = z.strictObject({
  message: z.string(),
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).optional(),
});
const message = z.strictObject({ method: z.string(), params: z.unknown() });

/** One thing that the scripted agent does in a turn; README.md says what each is. */
export type Step = z.infer<typeof plain> | { readonly ask: z.infer<typeof asked> & Outcomes };

interface Outcomes {
  readonly allowed?: readonly Step[] | undefined;
  readonly rejected?: readonly Step[] | undefined;
}

const plain = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({
    plan: z.array(z.strictObject({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) })),
  }),
  z.strictObject({ tool: call }),
  z.strictObject({ usage: z.strictObject({ used: z.number(), size: z.number(), cost: z.number().optional() }) }),
  z.strictObject({
    write: z.strictObject({ path: z.string(), text: z.string(), via: z.enum(['client', 'self']).optional() }),
  }),
  z.strictObject({ read: z.strictObject({ path: z.string() }) }),
  z.strictObject({ run: z.array(z.string()) }),
  z.strictObject({ elicit: form.extend({ after: z.string().optional() }) }),
  z.strictObject({ askAndGoOn: form.extend(after) }),
  z.strictObject({ update: z.record(z.string(), z.unknown()) }),
  z.strictObject({ request: message }),
  z.strictObject({ inSession: message }),
  z.strictObject({ notify: message }),
  z.strictObject({ askTwice: z.tuple([asked, asked]) }),
  z.strictObject({ askAndGiveUp: asked.extend(after) }),
  z.strictObject({ askAndExit: asked.extend(after) }),
  z.strictObject({
    mcp: z.strictObject({
      server: z.string(),
      tool: z.string(),
      arguments: z.record(z.string(), z.unknown()),
      after: z.string().optional(),
    }),
  }),
  z.strictObject({ env: z.string() }),
  z.strictObject({ tick: z.strictObject({ count: z.number(), everyMs: z.number() }) }),
  z.strictObject({ stamp: z.string() }),
  z.strictObject({ echoPrompt: z.literal(true) }),
  z.strictObject({ waitForCancel: z.literal(true) }),
  z.strictObject({ tokens: z.number() }),
  z.strictObject({ stop: z.enum(['end_turn', 'refusal', 'max_tokens', 'max_turn_requests']) }),
  z.strictObject({ error: z.strictObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }) }),
  z.strictObject({ hang: z.literal(true) }),
  z.strictObject({ hangUntil: z.string() }),
  z.strictObject({ flood: z.number() }),
  z.strictObject({ huge: z.number() }),
  z.strictObject({ garbage: z.string() }),
  z.strictObject({ unknownUpdate: z.literal(true) }),
  z.strictObject({ exit: z.number() }),
  z.strictObject({ daemon: z.string() }),
  z.strictObject({ stderr: z.string() }),
]);

const step: z.ZodType<Step> = z.lazy(() =>
  z.union([
    plain,
    z.strictObject({ ask: asked.extend({ allowed: z.array(step).optional(), rejected: z.array(step).optional() }) }),
  ]),
);

/** What the agent does in each of its turns; the last one is repeated. */
export const script = z.array(z.array(step)).min(1);
export type Script = readonly (readonly Step[])[];

/** What the agent can do, and how it misbehaves from the start. */
export const options = z.strictObject({
  script,
  /** What it does in the first turn of a session that is not its first: a question aside. */
  aside: z.array(step).optional(),
  resume: z.boolean().default(false),
  /** Says that it resumes sessions, and does not know the method. */
  refusesResume: z.boolean().default(false),
  load: z.boolean().default(false),
  close: z.boolean().default(false),
  image: z.boolean().default(false),
  audio: z.boolean().default(false),
  embeddedContext: z.boolean().default(false),
  /** Ids of its modes, the first one is the current. */
  modes: z.array(z.string()).optional(),
  /** What can be chosen in a session, as the protocol has it. */
  configOptions: z.array(z.record(z.string(), z.unknown())).optional(),
  /** Never answers this method. */
  silentAt: z.string().optional(),
  /** Is killed when it is asked this. */
  diesAt: z.string().optional(),
  protocolVersion: z.number().default(1),
  authRequired: z.boolean().default(false),
  /** Wants a login, and takes this way (its id). */
  loginBy: z.string().optional(),
  /** Exits at once, with this on its error output. */
  startFails: z.string().optional(),
  /** Knows no session of an earlier process. */
  forgets: z.boolean().default(false),
  /** Folder for its sessions, and for `log.jsonl`: everything that the client said. */
  state: z.string(),
});
export type StubOptions = z.input<typeof options>;
