import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import type { Action } from '#core/chat/button.ts';
import { chooseFilter } from '#core/show/inbox-filter.ts';
import { ensureMember } from '#db/intake/inbox.ts';
import { inboxFilterOf, keepInboxFilter } from '#db/intake/members.ts';
import type { Application } from '../application.ts';
import { newcomerRole } from '../newcomer-role.ts';

/** Carries out a choice in a menu above the inbox of a person's own page, which is drawn anew afterwards. */
export async function filterInbox(
  { db }: Application,
  { choice = '' }: Action,
  { thread, sender }: Pick<ButtonPress, 'thread' | 'sender'>,
): Promise<InteractionReply> {
  const role = newcomerRole(thread.platform, sender);
  const { memberId } = await ensureMember(db.kysely, thread.platform, sender, role);
  const filter = chooseFilter(await inboxFilterOf(db, memberId), choice);
  if (filter === undefined) return { kind: 'notice', tone: 'warning', text: 'Commander does not know this choice.' };
  await keepInboxFilter(db, memberId, filter);
  return { kind: 'done' };
}
