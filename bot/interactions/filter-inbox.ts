import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import type { Action } from '#core/chat/button.ts';
import { chooseFilter } from '#core/show/inbox-filter.ts';
import { inboxFilterOf, keepInboxFilter } from '#db/intake/members.ts';
import type { Application } from '../application.ts';
import { actorFrom } from '../newcomer-role.ts';

/** Carries out a choice in a menu above the inbox of a person's own page, which is drawn anew afterwards. */
export async function filterInbox(
  { db }: Application,
  { choice = '' }: Action,
  { thread, sender }: Pick<ButtonPress, 'thread' | 'sender'>,
): Promise<InteractionReply> {
  const { memberId } = await actorFrom(db, thread.platform, sender);
  const filter = chooseFilter(await inboxFilterOf(db, memberId), choice);
  if (filter === undefined) return { kind: 'notice', tone: 'warning', text: 'Commander does not know this choice.' };
  await keepInboxFilter(db, memberId, filter);
  return { kind: 'done' };
}
