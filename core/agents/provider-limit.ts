import { z } from 'zod';

/** Without a time of its own a limit is tried again after this, in milliseconds. */
const limitWaitMs = 15 * 60_000;
/** No provider's window is longer (a week); what says more is mistaken. Milliseconds. */
const longestWaitMs = 7 * 24 * 3_600_000;
/** HTTP's status of a limit: Gemini CLI 0.61 answers with it as the error's code (`RequestError(429, …)` in its ACP agent). */
const tooManyRequests = 429;

/**
 * The structured part of an error that says that a limit was reached, in the ways in which agents say it:
 * - `errorKind`: Claude Code (`errorKindData` of claude-agent-acp 0.49; the values are the Claude Agent SDK's `SDKAssistantMessageError`).
 * - `codexErrorInfo`: Codex (`createTurnErrorData` of codex-acp 2.6: a name, or a name with the provider's `httpStatusCode`).
 * - `codex_error_info`: Codex by its older adapter, in the wire names of Codex itself.
 * - `kind`, `type`, `code`: as model providers name errors (Anthropic's `rate_limit_error`, OpenAI's `insufficient_quota`).
 *
 * opencode 1.18 tells its client nothing of a limit: it tries again by itself (its issues 33055 and 42827).
 */
const limitData = z.object({
  kind: z.string().optional(),
  type: z.string().optional(),
  errorKind: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  codexErrorInfo: z
    .union([z.string(), z.record(z.string(), z.object({ httpStatusCode: z.number().nullish() }))])
    .nullish()
    .catch(undefined),
  codex_error_info: z.string().optional().catch(undefined),
  retryAfter: z.number().optional(),
  retryAfterMs: z.number().optional(),
  resetsAt: z.union([z.number(), z.string()]).optional(),
});

const limitKinds: ReadonlySet<string> = new Set([
  'rate_limit',
  'rate_limit_error',
  'rate_limit_exceeded',
  'rateLimitExceeded',
  'usage_limit',
  'usage_limit_reached',
  'usage_limit_exceeded',
  'usageLimitExceeded',
  'insufficient_quota',
  'overloaded',
  'overloaded_error',
  'serverOverloaded',
  '429',
  '529',
]);

/** An error as the protocol has it. */
export interface AgentError {
  readonly code: number;
  readonly data?: unknown;
}

/**
 * When the limit that an error tells of is over; `undefined` when it tells of none. Told by code and data alone: words that look
 * like a limit may stand in any output. `known`: when the limit ends as the agent had said before.
 */
export function limitEnds(
  error: AgentError,
  { now, known }: { readonly now: Date; readonly known?: Date | undefined },
): Date | undefined {
  const data = limitData.safeParse(error.data).data ?? {};
  if (error.code !== tooManyRequests && !errorNames(error).some((name) => limitKinds.has(name))) return undefined;
  const { retryAfter, retryAfterMs, resetsAt } = data;
  const waits = [
    retryAfterMs,
    retryAfter === undefined ? undefined : retryAfter * 1000,
    resetsAt === undefined ? undefined : momentOf(resetsAt) - now.getTime(),
    known === undefined ? undefined : known.getTime() - now.getTime(),
  ];
  const wait = waits.find((each) => each !== undefined && Number.isFinite(each) && each > 0) ?? limitWaitMs;
  return new Date(now.getTime() + Math.min(wait, longestWaitMs));
}

/** What the structured part of an error calls it, in all the ways in which agents do; HTTP's status of the provider as text. */
export function errorNames({ data }: AgentError): readonly string[] {
  const { kind, type, errorKind, code, codexErrorInfo, codex_error_info } = limitData.safeParse(data).data ?? {};
  const codex =
    typeof codexErrorInfo === 'object' && codexErrorInfo !== null
      ? Object.entries(codexErrorInfo).flatMap(([name, { httpStatusCode }]) => [name, String(httpStatusCode)])
      : [codexErrorInfo];
  return [kind, type, errorKind, String(code), codex_error_info, ...codex].filter((name) => name != null);
}

/** Seconds since 1970, or ISO 8601. */
function momentOf(at: number | string): number {
  return typeof at === 'number' ? at * 1000 : Date.parse(at);
}

/** Claude Code's account of a limit in an update's `_meta` (`SDKRateLimitInfo`; `resetsAt` in seconds since 1970). */
const rateLimitMeta = z.object({
  '_claude/rateLimit': z.object({ status: z.string(), resetsAt: z.number().positive().optional() }),
});

/** What an update tells of a limit in its `_meta`: when it ends if it is reached. `undefined`: it tells nothing of one. */
export function limitTold(meta: unknown): { readonly ends?: Date } | undefined {
  const said = rateLimitMeta.safeParse(meta);
  if (!said.success) return undefined;
  const { status, resetsAt } = said.data['_claude/rateLimit'];
  const ends = new Date((resetsAt ?? Number.NaN) * 1000);
  return status === 'rejected' && !Number.isNaN(ends.getTime()) ? { ends } : {};
}
