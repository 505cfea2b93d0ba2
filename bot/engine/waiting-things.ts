import { type Role, roleAllows } from '#core/policy/roles.ts';
import type { Place } from '#core/policy/visibility.ts';
import { heldChoice } from '#core/preferences/resolve.ts';
import { awaitedPerson, maySettle } from '#core/task/awaited.ts';
import { openAsks } from '#core/task/parts.ts';
import type { Person } from '#core/task/person.ts';
import type { Remindable } from '#core/task/reminding.ts';
import type { TaskState } from '#core/task/state.ts';
import type { Ask } from '#core/understand/ask.ts';
import { isOpenAsk, remindableAsk } from '#core/understand/ask-limit.ts';
import type { Database, Transaction } from '#db/database.ts';
import { type AskedMessage, askedMessage, lockOpenAsks } from '#db/intake/asks.ts';
import { choicesAt } from '#db/preferences/preferences.ts';
import { lockWaitingTasks, type WaitingTask } from '#db/reminders/lock-waiting.ts';
import { type Addressee, keyOfAddressee } from '#db/reminders/turns.ts';
import { taskById, threadOfTask } from '#db/tasks/queries.ts';
import type { ReminderTimer } from '#db/timers.ts';

/** Something that waits for a person, wherever. */
export type WaitingThing = {
  readonly asked: Remindable;
  readonly address: Place;
  /** The one person who is reminded of it by name, if he may settle it. */
  readonly to?: Person;
  /** Who asked for the work. */
  readonly from: Person;
  readonly project?: { readonly id: string; readonly name: string };
} & (
  | { readonly kind: 'approval' | 'question'; readonly task: TaskState; readonly id: string }
  | { readonly kind: 'request'; readonly messageId: string; readonly ask: Ask }
);

/** Reads roles, each once. */
type Roles = (memberId: string) => Promise<Role>;

/** Who is to be reminded of it. */
export function addresseeOf({ to, address }: WaitingThing): Addressee {
  if (to !== undefined) return { kind: 'person', memberId: to.memberId };
  return { kind: 'channel', platform: address.platform, channel: address.channel };
}

/** What a timer is about, as it is now; `undefined` when that is settled. */
export async function thingOfTimer(db: Database, timer: ReminderTimer): Promise<WaitingThing | undefined> {
  const roles = rolesIn(db.kysely);
  if (timer.kind === 'remind') {
    const [state, address] = await Promise.all([taskById(db, timer.taskId), threadOfTask(db, timer.taskId)]);
    if (state === undefined || address === undefined) return undefined;
    return (await thingsOfTask({ state, address }, roles)).find((each) => isAbout(each, timer));
  }
  const asked = await askedMessage(db, timer.messageId);
  return asked === undefined ? undefined : thingsOfMessage(asked).find((each) => isAbout(each, timer));
}

/** Whether a timer is about this. */
export function isAbout(thing: WaitingThing, timer: ReminderTimer): boolean {
  if (timer.kind === 'remind') return thing.kind !== 'request' && thing.id === timer.askedId;
  return thing.kind === 'request' && thing.messageId === timer.messageId && thing.ask.part === timer.part;
}

/** All that waits for an addressee who wants to be reminded of it, held for the transaction. */
export async function lockThingsFor(trx: Transaction, addressee: Addressee): Promise<readonly WaitingThing[]> {
  const roles = rolesIn(trx);
  const [tasks, messages] = [await lockWaitingTasks(trx, addressee), await lockOpenAsks(trx, addressee)];
  const ofTasks = await Promise.all(tasks.map((each) => thingsOfTask(each, roles)));
  const all = [...ofTasks.flat(), ...messages.flatMap(thingsOfMessage)];
  const his = all.filter((each) => keyOfAddressee(addresseeOf(each)) === keyOfAddressee(addressee));
  const wanted = await Promise.all(his.map((each) => wantsReminders({ kysely: trx }, each)));
  return his.filter((_, index) => wanted[index]);
}

async function thingsOfTask({ state: task, address }: WaitingTask, roles: Roles): Promise<readonly WaitingThing[]> {
  const { project, requester: from } = task;
  return Promise.all(
    openAsks(task).map(async (asked): Promise<WaitingThing> => {
      const person = awaitedPerson(task, asked);
      const to = maySettle(task, asked, await roles(person.memberId)) ? { to: person } : {};
      const kind = 'text' in asked ? 'question' : 'approval';
      return { kind, task, id: asked.id, asked, address, from, project, ...to };
    }),
  );
}

function thingsOfMessage({ id: messageId, asks, thread, sender, receivedAt }: AskedMessage): readonly WaitingThing[] {
  const from = { memberId: sender.memberId, name: sender.name };
  return asks.filter(isOpenAsk).map((ask) => ({
    ...{ kind: 'request', messageId, ask, from, address: thread, asked: remindableAsk(ask, receivedAt) },
    ...(roleAllows(sender.role, 'steer-own') ? { to: from } : {}),
    ...(ask.wanted.kind === 'inputs' ? { project: ask.wanted.project } : {}),
  }));
}

/** Whether reminders are on: as who is reminded, the channel or the project wants it. */
async function wantsReminders(db: Pick<Database, 'kysely'>, thing: WaitingThing): Promise<boolean> {
  const { to, from, address, project } = thing;
  const place = { memberId: (to ?? from).memberId, channel: address, projectId: project?.id };
  return heldChoice('reminders', await choicesAt(db, place))?.value !== 'off';
}

function rolesIn(kysely: Transaction | Database['kysely']): Roles {
  const known = new Map<string, Promise<Role>>();
  async function read(memberId: string): Promise<Role> {
    const row = await kysely.selectFrom('members').select('role').where('id', '=', memberId).executeTakeFirst();
    return row?.role ?? 'viewer';
  }
  return (memberId) => {
    const role = known.get(memberId) ?? read(memberId);
    known.set(memberId, role);
    return role;
  };
}
