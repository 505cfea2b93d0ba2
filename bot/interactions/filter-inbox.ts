import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import type { Action } from '#core/chat/button.ts';
import { chooseFilter } from '#core/show/inbox-filter.ts';
import { carryOutOnce } from '#db/intake/interactions.ts';
import { inboxFilterOf, keepInboxFilter, memberAs } from '#db/intake/members.ts';
import type { Application } from '../application.ts';
import { actorFrom } from '../newcomer-role.ts';
import { interactionOf } from './once.ts';

/** Carries out a choice in a menu above the inbox of a person's own page, which is drawn anew afterwards. */
export async function filterInbox(
  { db }: Application,
  { choice = '' }: Action,
  { thread, sender, personId, externalId }: ButtonPress,
): Promise<InteractionReply> {
  const { memberId } = await actorFrom(db, thread.platform, sender);
  const person = personId === undefined ? undefined : await memberAs(db, thread.platform, personId);
  if (personId !== undefined && person === undefined)
    return notice('Commander never heard of this person: nothing waits for them, and they asked for nothing.');
  const filter = chooseFilter(await inboxFilterOf(db, memberId), choice, person);
  if (filter === undefined) return notice('Commander does not know this choice.');
  return carryOutOnce(db, interactionOf({ thread, externalId }), async (trx) => {
    await keepInboxFilter(trx, memberId, filter);
    return { kind: 'done' };
  });
}

function notice(text: string): InteractionReply {
  return { kind: 'notice', tone: 'warning', text };
}
