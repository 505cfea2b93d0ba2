import type { Sender } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { showTaskList } from '#core/show/task-list.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { findTasks } from '#db/tasks/find-tasks.ts';
import type { Application } from './application.ts';
import { ownInbox } from './commands/inbox.ts';
import { homePreferences } from './commands/preferences-card.ts';
import { ruleList } from './commands/rule-commands.ts';
import { taskRows } from './commands/task-list.ts';
import { keyedLinks } from './keyed-links.ts';
import { actorFrom } from './newcomer-role.ts';
import { memberAt } from './viewers.ts';

/** Own tasks that a page shows at most. */
const ownLimit = 15;

/** A person's own page: what waits for him, then his tasks, the open ones first, and what is settled for good: role and rules. */
export async function homePage(application: Application, platform: string, sender: Sender): Promise<readonly Card[]> {
  const { db } = application;
  const member = await actorFrom(db, platform, sender);
  const { tasks: own, more } = await findTasks(
    db,
    { eyes: memberAt(member), by: { members: [member.memberId] } },
    { limit: ownLimit },
  );
  return keyedLinks(application, [
    await ownInbox(application, member, platform),
    showTaskList('Your tasks', [{ rows: await taskRows(application, own, platform), more }]),
    await homePreferences(application, member),
    await settled(application, member),
  ]);
}

async function settled(application: Application, member: Actor): Promise<Card> {
  const rules = await ruleList(application, memberAt(member));
  const text: RichText = ['Your role is ', { kind: 'bold', text: member.role }, '. An admin can change that.'];
  return { ...rules, blocks: [...rules.blocks, { kind: 'context', text }] };
}
