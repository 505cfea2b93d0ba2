import type { RequestPermissionRequest, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { limitTold } from '#core/agents/provider-limit.ts';
import type { Approval } from '#core/task/state.ts';
import { asShown } from '../../run/whole-text.ts';
import type { PermissionAsk } from './asks.ts';
import type { SessionHandlers } from './connect.ts';
import type { Conversation } from './conversation.ts';
import { elicit } from './elicit.ts';
import { givenBefore, outcomeOf, readWish } from './permission.ts';
import { redactEvent } from './redact-event.ts';

/** What the session of the work itself may ask: everything, by the policy and by people. */
export function workHandlers(talk: Conversation): SessionHandlers {
  const { step } = talk;
  return {
    writes: true,
    onUpdate(update) {
      if (talk.replaying) return;
      const told = limitTold(update._meta);
      if (told !== undefined) talk.signs.limitEnds = told.ends;
      talk.updates.take(update);
    },
    onPermission: (request, signal) => permit(talk, request, signal),
    onElicitation: (request, signal) =>
      elicit(redactEvent(request, talk.redactor), async (text, options) => {
        const asked = { type: 'asks-question', stepId: step.id, text, options } as const;
        return talk.asks?.question(asked, signal);
      }),
  };
}

/** The policy decides; what it does not decide a person does, and what a person decided before this run counts once. */
async function permit(
  talk: Conversation,
  { toolCall, options }: RequestPermissionRequest,
  signal: AbortSignal,
): Promise<RequestPermissionResponse> {
  const { step, show } = talk;
  const { verdict, ask } = await readWish(talk.updates.calls.merge(toolCall), step, talk);
  if (verdict.decision !== 'ask') {
    if (verdict.decision === 'deny') show({ type: 'action', text: `Refused: ${ask.title}, for ${verdict.reason}` });
    return { outcome: outcomeOf(options, verdict.decision === 'allow') };
  }
  const decided = await decisionOf(talk, ask, signal);
  if (decided === undefined) return { outcome: { outcome: 'cancelled' } };
  return { outcome: outcomeOf(options, decided.status === 'approved') };
}

/** What a person decides, or has decided about exactly this before; it counts once. */
export async function decisionOf(
  { context, show, heardDecisions, asks, watch }: Conversation,
  ask: PermissionAsk,
  signal: AbortSignal,
): Promise<Approval | undefined> {
  const before = givenBefore(context.talk.now().approvals, ask.hash, heardDecisions);
  const decided = before ?? (await asks?.permission({ ...ask, ...(await asShown(context.home, ask.shown)) }, signal));
  if (decided === undefined || watch?.over.aborted) return undefined;
  heardDecisions.add(decided.id);
  show({ type: 'decision-heard', askId: decided.id });
  return decided;
}
