import type { Approval } from '#core/task/asked.ts';
import { asShown } from '../../run/whole-text.ts';
import type { PermissionAsk } from './asks.ts';
import type { Conversation } from './conversation.ts';
import { orAborted } from './or-aborted.ts';
import { givenBefore, type Wish } from './permission.ts';

/** Whether an agent may do what it wants; undecided: nobody said so while it waited. */
export type Answer = { readonly is: 'allowed' | 'undecided' } | { readonly is: 'denied'; readonly why: string };

/**
 * The policy decides; what it does not decide a person does, and what a person decided before this run counts once. `look` reads the
 * wish: again after each approval, for what it would do can have changed since it was shown, and then that is asked.
 */
export async function answerWish(talk: Conversation, look: () => Promise<Wish>, signal: AbortSignal): Promise<Answer> {
  let approved: string | undefined;
  for (;;) {
    const { verdict, ask } = await look();
    if (verdict.decision === 'allow' || approved === ask.hash) return { is: 'allowed' };
    if (verdict.decision === 'deny') {
      talk.show({ type: 'action', text: `Refused: ${ask.title}, for ${verdict.reason}` });
      return { is: 'denied', why: verdict.reason };
    }
    if (approved !== undefined)
      talk.show({ type: 'action', text: 'Asked again, for it has changed since it was approved' });
    const decided = await decisionOf(talk, ask, signal);
    if (decided === undefined) return { is: 'undecided' };
    if (decided.status !== 'approved') return { is: 'denied', why: decided.note ?? '' };
    approved = ask.hash;
  }
}

/** What a person decides, or has decided about exactly this before; it counts once. */
export async function decisionOf(
  talk: Conversation,
  ask: PermissionAsk,
  signal: AbortSignal,
): Promise<Approval | undefined> {
  const { context, heardDecisions, asks, watch } = talk;
  const before = givenBefore(context.talk.now().approvals, ask.hash, heardDecisions);
  const decided = before ?? (await asks?.permission({ ...ask, ...(await asShown(context.home, ask.shown)) }, signal));
  if (decided === undefined || watch?.over.aborted) return undefined;
  heardDecisions.add(decided.id);
  return (await willHear(talk, decided)) ? decided : undefined;
}

/**
 * Whether the agent hears a decision. That is written down before it does: what it does then, and nobody knows of after a crash, would
 * be allowed once more. A crash in between costs another question.
 */
async function willHear({ record, watch, stop }: Conversation, { id }: Approval): Promise<boolean> {
  const over = watch?.over ?? stop;
  const written = record({ type: 'decision-heard', askId: id }).then(() => !over.aborted);
  return orAborted(written, over, () => new Error('Its turn is over.')).catch(() => false);
}
