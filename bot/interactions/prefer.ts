import type { ButtonPress, InteractionReply } from '#core/chat/adapter.ts';
import type { Action } from '#core/chat/button.ts';
import { type PreferenceName, preferenceNames, preferenceValues } from '#core/preferences/preference.ts';
import { inherited } from '#core/show/preferences.ts';
import { carryOutOnce } from '#db/intake/interactions.ts';
import { handledMessage, renewReply } from '#db/intake/replies.ts';
import { taskOfThread } from '#db/tasks/queries.ts';
import { listAgents } from '#db/workers/agents.ts';
import type { Application } from '../application.ts';
import { type CommandContext, CommandRefused } from '../commands/command.ts';
import { choose, projectBy } from '../commands/preference-commands.ts';
import { type NamedHolder, readHolder } from '../commands/preference-holder.ts';
import { preferencesCard } from '../commands/preferences-card.ts';
import { findCommand } from '../commands/table.ts';
import { actorFrom } from '../newcomer-role.ts';
import { answerAt } from '../viewers.ts';
import { interactionOf } from './once.ts';

/** Carries out a choice in a menu of preferences: at once, and the card shows what holds from now on. */
export async function prefer(
  application: Application,
  { subject, choice = '' }: Action,
  pressed: ButtonPress,
): Promise<InteractionReply> {
  const { db } = application;
  const { thread, sender } = pressed;
  const chosen = readChoice(choice);
  if (chosen === undefined) return notice('warning', 'Commander does not know this choice.');
  const actor = await actorFrom(db, thread.platform, sender);
  const own: NamedHolder = { holder: { kind: 'person', memberId: actor.memberId } };
  try {
    const card = subject === 'home' ? undefined : await cardOf(application, subject);
    if (subject !== 'home' && card === undefined)
      return notice('warning', 'What this menu was about is no longer known.');
    const named = card === undefined ? own : await readHolder(card.words, card.context);
    const label = await labelOf(application, chosen);
    const reply = await carryOutOnce(db, interactionOf(pressed), async (trx) =>
      notice('success', `${await choose(trx, { ...chosen, label }, named, actor)}.`),
    );
    if (card !== undefined) await renew(application, subject, card);
    return reply;
  } catch (error) {
    if (error instanceof CommandRefused) return notice('warning', error.message);
    throw error;
  }
}

interface PreferencesCard {
  readonly words: readonly string[];
  readonly context: CommandContext;
}

/** Shows a card of preferences as they are now; what was chosen stands whether or not that works. */
async function renew({ db, log }: Application, subject: string, { words, context }: PreferencesCard): Promise<void> {
  await renewReply(db, subject, async (reply) => [await preferencesCard(words, context), ...reply.slice(1)]).catch(
    (error: unknown) => log.warn({ error }, 'a card of preferences could not be shown anew'),
  );
}

interface Chosen {
  readonly name: PreferenceName;
  readonly value: string;
}

/** `tone-terse`, or `tone-default` for what is taken back. */
function readChoice(choice: string): Chosen | undefined {
  const [, said, value = ''] = /^([a-z]+)-(.+)$/.exec(choice) ?? [];
  const name = preferenceNames.find((each) => each === said);
  if (name === undefined) return undefined;
  return value === inherited || preferenceValues[name].safeParse(value).success ? { name, value } : undefined;
}

/** @throws CommandRefused when the agent or project is gone. */
async function labelOf({ db }: Application, { name, value }: Chosen): Promise<string> {
  if (value === inherited) return value;
  if (name === 'project') return (await projectBy(db, ({ projectId }) => projectId === value)).name;
  if (name !== 'agent') return value;
  const agent = (await listAgents(db)).find(({ id }) => id === value);
  if (agent === undefined) throw new CommandRefused('No worker has that agent any more. Nothing was changed.');
  return agent.name;
}

/** The words that a card of preferences answers, and who said them where. */
async function cardOf(application: Application, messageId: string): Promise<PreferencesCard | undefined> {
  const message = await handledMessage(application.db, messageId);
  const found = message === undefined ? undefined : findCommand(message.body.text);
  if (message === undefined || found?.command.name !== 'preferences') return undefined;
  const { words, said } = found;
  const threadTask = await taskOfThread(application.db, message.threadId);
  const { sender: actor, thread } = message;
  const viewer = answerAt(actor, thread);
  return { words, context: { application, actor, viewer, messageId, said, thread, threadTask } };
}

function notice(tone: 'success' | 'warning', text: string): InteractionReply {
  return { kind: 'notice', tone, text };
}
