import type {
  CreateElicitationRequest,
  ElicitationPropertySchema,
  PermissionOption,
  RequestPermissionRequest,
} from '@agentclientprotocol/sdk';
import { methods, RequestError } from '@agentclientprotocol/sdk';
import type { OptionKind, StepOf, ToolDescription } from '../script.ts';
import type { Ending, Turn } from '../turn.ts';
import { say, toolCallOf } from './speech.ts';

export type Permission = 'allowed' | 'rejected' | 'cancelled';

const names: Readonly<Record<OptionKind, string>> = {
  allow_once: 'Allow once',
  allow_always: 'Always allow',
  reject_once: 'Reject',
  reject_always: 'Always reject',
};

/**
 * Asks the client for a permission, each option's id being its kind. A client has to answer even when it cancels the
 * turn, so only `withdrawal` (which sends `$/cancel_request`) cuts the wait short.
 * @throws {RequestError} the client's error; -32603 for an option that was not offered
 */
export async function askPermission(
  turn: Turn,
  tool: ToolDescription,
  kinds: readonly OptionKind[],
  withdrawal?: AbortSignal,
): Promise<Permission> {
  const options: PermissionOption[] = kinds.map((kind) => ({ optionId: kind, kind, name: names[kind] }));
  const request: RequestPermissionRequest = {
    sessionId: turn.session.id,
    toolCall: toolCallOf(tool, turn.session),
    options,
  };
  const asked = turn.client.request(methods.client.session.requestPermission, request, {
    cancellationSignal: withdrawal,
  });
  const answer = await asked.catch((error: unknown) => {
    // -32800 is the other allowed answer to a withdrawn request.
    if (error instanceof RequestError && error.code === -32800) return { outcome: { outcome: 'cancelled' as const } };
    throw error;
  });
  if (answer.outcome.outcome === 'cancelled') return 'cancelled';
  const chosen = kinds.find((kind) => 'optionId' in answer.outcome && kind === answer.outcome.optionId);
  if (chosen === undefined)
    throw RequestError.internalError(answer, 'The client selected a permission option that was not offered');
  return chosen.startsWith('allow') ? 'allowed' : 'rejected';
}

async function performPermission(step: StepOf<'ask-permission'>, turn: Turn): Promise<Ending> {
  const withdrawal = new AbortController();
  const answer = askPermission(turn, step.tool, step.options, withdrawal.signal);
  const [permission, ending] = await Promise.all([
    answer,
    turn.perform(step.meanwhile ?? []).finally(() => {
      if (step.withdraw) withdrawal.abort();
    }),
  ]);
  return ending ?? (await turn.perform(step[permission] ?? [{ do: 'say', text: `permission: ${permission}\n` }]));
}

async function askTwice(step: StepOf<'ask-twice'>, turn: Turn): Promise<Ending> {
  const second = { ...step.second, id: step.first.id };
  const ask = (tool: ToolDescription) => askPermission(turn, tool, step.options);
  const first = ask(step.first);
  const answers = step.when === 'together' ? await Promise.all([first, ask(second)]) : [await first, await ask(second)];
  return say(turn, `asked twice: ${answers.join(', ')}\n`);
}

async function elicit(step: StepOf<'elicit'>, turn: Turn): Promise<Ending> {
  const { message, properties, required } = step;
  // As real agents do: what the client does not offer is not asked for.
  if (!turn.clientCan.elicitation?.form) return say(turn, 'elicitation: not offered by the client\n');
  const requestedSchema = {
    type: 'object' as const,
    // The script may hold properties that the protocol does not know: a client has to bear them.
    properties: properties as Record<string, ElicitationPropertySchema>,
    required,
  };
  const request: CreateElicitationRequest = { mode: 'form', sessionId: turn.session.id, message, requestedSchema };
  const answer = await turn.client.request(methods.client.elicitation.create, request);
  const said = answer.action === 'accept' && 'content' in answer ? ` ${JSON.stringify(answer.content)}` : '';
  const branches = { accept: step.accepted, decline: step.declined, cancel: step.cancelled };
  const branch = Object.entries(branches).find(([action]) => action === answer.action)?.[1];
  return (await say(turn, `elicitation: ${answer.action}${said}\n`)) ?? (await turn.perform(branch ?? []));
}

/** Steps that ask the person behind the client. */
export const asking = { 'ask-permission': performPermission, 'ask-twice': askTwice, elicit };
