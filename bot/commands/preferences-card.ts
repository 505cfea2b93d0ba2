import type { Card } from '#core/chat/card.ts';
import {
  manners,
  type PreferenceName,
  preferenceValues,
  reminderChoices,
  verbosities,
} from '#core/preferences/preference.ts';
import { formatsOf } from '#core/project-file/format-input.ts';
import { type PreferenceValue, showPreferences } from '#core/show/preferences.ts';
import { choicesAt } from '#db/preferences/preferences.ts';
import { listProjects } from '#db/projects/projects.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { listAgents } from '#db/workers/agents.ts';
import type { Application } from '../application.ts';
import { loadProject } from '../project-file/load.ts';
import type { CommandContext } from './command.ts';
import { readHolder, refusalOf } from './preference-holder.ts';

/** The answer to `preferences …` as it is now. @throws CommandRefused */
export async function preferencesCard(words: readonly string[], context: CommandContext): Promise<Card> {
  const { application, actor, messageId, thread } = context;
  const named = await readHolder(words, context);
  const choices = await choicesAt(application.db, {
    memberId: actor.memberId,
    channel: thread,
    projectId: named.project?.id,
  });
  return showPreferences({
    subject: messageId,
    holder: named.holder.kind,
    channel: 'this channel',
    project: named.project?.name,
    choices,
    offered: await offered(application),
    refusal: refusalOf(actor, named.holder),
  });
}

/** A person’s own preferences, for his page: the same wherever he is. */
export async function homePreferences(application: Application, { memberId }: Actor): Promise<Card> {
  return showPreferences({
    subject: 'home',
    holder: 'person',
    choices: await choicesAt(application.db, { memberId }),
    offered: await offered(application),
  });
}

/** What can be chosen now: formats are those that runbooks offer, agents those that workers have. */
async function offered(
  application: Application,
): Promise<Readonly<Record<PreferenceName, readonly PreferenceValue[]>>> {
  const [agents, projects] = await Promise.all([listAgents(application.db), listProjects(application.db)]);
  const loaded = await Promise.all(projects.map((project) => loadProject(application.home, project)));
  const formats = loaded.flatMap((each) => (each.ok ? Object.values(each.file.runbooks).flatMap(formatsOf) : []));
  return {
    tone: manners.map(asIs),
    reminders: reminderChoices.map(asIs),
    verbosity: verbosities.map(asIs),
    format: [...new Set(formats)].toSorted().map(asIs),
    agent: agents
      .filter(({ id }) => preferenceValues.agent.safeParse(id).success)
      .map(({ id, name }) => ({ value: id, label: name })),
    project: projects.map(({ projectId, name }) => ({ value: projectId, label: name })),
  };
}

function asIs(value: string): PreferenceValue {
  return { value, label: value };
}
