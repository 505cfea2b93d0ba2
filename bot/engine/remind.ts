import { isReadAlone, mayBeShownAt } from '#core/policy/visibility.ts';
import type { WaitingThing as NamedThing, Told } from '#core/task/asked.ts';
import { restUntil } from '#core/task/night.ts';
import { foldReminder, isReminderDue, remindedOnce, reminderTurn } from '#core/task/reminding.ts';
import type { Transaction } from '#db/database.ts';
import { saveReminded } from '#db/intake/asks.ts';
import { holdRow } from '#db/reminders/lock-waiting.ts';
import { endTurn, takeTurn } from '#db/reminders/turns.ts';
import { changeTask } from '#db/tasks/change-task.ts';
import { type ReminderTimer, setTimer } from '#db/timers.ts';
import type { Application } from '../application.ts';
import { addresseeOf, isAbout, lockThingsFor, thingOfTimer, type WaitingThing } from './waiting-things.ts';

/** Of what else waits, so much is named; the rest is counted. */
const named = 10;

/**
 * Brings something open to mind, with all that else waits for the same person: one reminder at a time, in one transaction under
 * that person's turn, so neither a crash nor another process sends a second one. What comes too soon after the last one, or at
 * night, waits.
 */
export async function bringToMind(application: Application, timer: ReminderTimer): Promise<void> {
  const { db, night } = application;
  const seen = await thingOfTimer(db, timer);
  if (seen === undefined) return;
  const addressee = addresseeOf(seen);
  await db.transaction(async (trx) => {
    const { lastAt, now } = await takeTurn(trx, addressee);
    await holdRow(trx, ...rowOf(timer));
    const things = await lockThingsFor(trx, addressee);
    const own = things.find((each) => isAbout(each, timer));
    if (own === undefined || !isReminderDue(own.asked, now)) return;
    const turn = reminderTurn(own.asked, lastAt);
    if (turn === undefined) return;
    const morning = night && restUntil(own.asked, now, night);
    const from = morning !== undefined && morning > turn ? morning : turn;
    if (from > now) {
      await setTimer(db, trx, from, timer);
      return;
    }
    await remindOf(application, trx, things, now);
    await endTurn(trx, addressee, now);
  });
}

function rowOf(timer: ReminderTimer): readonly ['tasks' | 'inbox', string] {
  return timer.kind === 'remind' ? ['tasks', timer.taskId] : ['inbox', timer.messageId];
}

async function remindOf(
  application: Application,
  trx: Transaction,
  things: readonly WaitingThing[],
  now: string,
): Promise<void> {
  const folded = foldReminder(things, now);
  if (folded === undefined) return;
  const { host, along, others } = folded;
  // What others must not learn of is only counted where they read.
  const nameable = others.filter(({ address }) => isReadAlone(host.address) || mayBeShownAt(host.address, address));
  const names = await Promise.all(nameable.slice(0, named).map((each) => nameOf(application, each)));
  const to = host.to === undefined ? {} : { to: host.to };
  const told = {
    ...to,
    ...(others.length === 0 ? {} : { also: { things: names, more: others.length - names.length } }),
  };
  await tell(application, trx, host, told, now);
  for (const each of along) await tell(application, trx, each, { elsewhere: true }, now);
}

async function tell(
  { db }: Application,
  trx: Transaction,
  thing: WaitingThing,
  told: Told,
  now: string,
): Promise<void> {
  if (thing.kind === 'request') {
    const { messageId, ask } = thing;
    await saveReminded(db, trx, messageId, { ...ask, reminders: remindedOnce(ask.reminders, told, now) });
    return;
  }
  await changeTask(db, trx, thing.task.id, { type: 'remind', askedId: thing.id, told });
}

async function nameOf({ adapters }: Application, thing: WaitingThing): Promise<NamedThing> {
  const { kind, project, asked, address } = thing;
  const href = await adapters.get(address.platform)?.linkTo(address);
  return {
    kind,
    ...(thing.kind === 'request' ? {} : { number: thing.task.number }),
    ...(project === undefined ? {} : { project: project.name }),
    ...(href === undefined ? {} : { href }),
    ...(asked.limit === undefined ? {} : { until: asked.limit.until }),
  };
}
