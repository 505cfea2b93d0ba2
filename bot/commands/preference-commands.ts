import { z } from 'zod';
import { definitions } from '#core/commands/definitions.ts';
import { type PreferenceName, preferenceValues } from '#core/preferences/preference.ts';
import { precedence } from '#core/preferences/resolve.ts';
import { chosenSentence, inherited } from '#core/show/preferences.ts';
import { joinWords } from '#core/text/list.ts';
import type { Database, Transaction } from '#db/database.ts';
import { changePreference } from '#db/preferences/preferences.ts';
import { isCalled, listProjects, type Project } from '#db/projects/projects.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { noticeCard } from './cards.ts';
import { type Command, CommandRefused, type CommandWork, carryOut } from './command.ts';
import { type NamedHolder, readHolder, refusalOf } from './preference-holder.ts';
import { preferencesCard } from './preferences-card.ts';
import { ruleList } from './rule-commands.ts';

/** What people prefer: to look at, with what is always allowed beside it, and to choose. */
export const preferenceCommands: readonly Command[] = [
  carryOut(definitions.preferences, {
    input: z.array(z.string()),
    run: async (words, context) => [
      await preferencesCard(words, context),
      await ruleList(context.application, context.viewer),
    ],
  }),
  carryOut(definitions.setTone, choosing('tone')),
  carryOut(definitions.setVerbosity, choosing('verbosity')),
  carryOut(definitions.setReminders, choosing('reminders')),
  carryOut(definitions.setFormat, choosing('format')),
  carryOut(definitions.useProject, {
    input: z.array(z.string()).min(1),
    async run(words, context) {
      const name = words.join(' ').toLowerCase();
      const { db } = context.application;
      const found = name === inherited ? undefined : await projectBy(db, isCalled(name));
      const chosen = {
        name: 'project',
        value: found?.projectId ?? inherited,
        label: found?.name ?? inherited,
      } as const;
      const channel = await readHolder(['channel'], context);
      const said = await db.transaction((trx) => choose(trx, chosen, channel, context.actor));
      return [noticeCard(said, 'success', found === undefined ? [] : [aboutProject])];
    },
  }),
];

const aboutProject =
  'What is asked for here is done there, unless its words, its thread or a route say otherwise. Say “use project default” to take that back.';

/** The project that is meant. @throws CommandRefused when there is none. */
export async function projectBy(db: Database, isMeant: (project: Project) => boolean): Promise<Project> {
  const projects = await listProjects(db);
  const found = projects.find(isMeant);
  if (found !== undefined) return found;
  const names = joinWords(projects.slice(0, 10).map(({ name }) => name));
  throw new CommandRefused(`There is no such project. Known are ${names}. Nothing was changed.`);
}

function choosing(name: Exclude<PreferenceName, 'agent' | 'project'>): CommandWork<[string, ...string[]]> {
  const value = z
    .string()
    .toLowerCase()
    .pipe(z.union([z.literal(inherited), preferenceValues[name]]));
  return {
    input: z.tuple([value]).rest(z.string()),
    async run([chosen, ...words], context) {
      const { application, actor } = context;
      const holder = await readHolder(words, context);
      const choice = { name, value: chosen, label: chosen };
      const said = await application.db.transaction((trx) => choose(trx, choice, holder, actor));
      return [noticeCard(said, 'success', ['Say “preferences” to see what holds here, and why.'])];
    },
  };
}

/** Makes a choice hold, or takes it back (`default`), and says so. @throws CommandRefused when the person may not. */
export async function choose(
  trx: Transaction,
  { name, value, label }: { readonly name: PreferenceName; readonly value: string; readonly label: string },
  { holder, project }: NamedHolder,
  actor: Actor,
): Promise<string> {
  const refusal = refusalOf(actor, holder);
  if (refusal !== undefined) throw new CommandRefused(refusal);
  if (!precedence[name].includes(holder.kind)) throw new CommandRefused(`Only a channel has a ${name} of its own.`);
  const isChosen = value !== inherited;
  await changePreference(trx, {
    ...{ holder, name, memberId: actor.memberId },
    value: isChosen ? value : undefined,
  });
  const whose = { holder: holder.kind, who: actor.name, project: project?.name };
  return chosenSentence({ name, label: isChosen ? label : undefined }, whose);
}
