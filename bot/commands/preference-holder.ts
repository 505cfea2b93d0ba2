import { roleAllows, roleNeeded } from '#core/policy/roles.ts';
import type { Holder } from '#core/preferences/preference.ts';
import { plainText } from '#core/text/sanitise.ts';
import { isCalled, listProjects } from '#db/projects/projects.ts';
import type { Actor } from '#db/tasks/change-task.ts';
import { type CommandContext, CommandRefused } from './command.ts';

/** Whose preference it is, with what is needed to speak of it. */
export interface NamedHolder {
  readonly holder: Holder;
  /** The project that is spoken of: the holder itself, or what the thread’s task works on. */
  readonly project?: { readonly id: string; readonly name: string };
}

type Where = Pick<CommandContext, 'application' | 'actor' | 'thread' | 'threadTask'>;

/** Reads “for me”, “for this channel”, “project” (the thread’s) or a project’s name. @throws CommandRefused */
export async function readHolder(
  words: readonly string[],
  { application, actor, thread, threadTask }: Where,
  otherwise: 'me' | 'channel' = 'me',
): Promise<NamedHolder> {
  const said = words.filter((word) => !/^(for|the|this|my|in)$/i.test(word)).map((word) => word.replace(/[.!,]+$/, ''));
  const named = said.length === 0 ? otherwise : said.join(' ').toLowerCase();
  const { platform, channel } = thread;
  const project = threadTask?.project;
  if (/^(me|myself)$/.test(named)) return { holder: { kind: 'person', memberId: actor.memberId }, project };
  if (named === 'channel') return { holder: { kind: 'channel', platform, channel }, project };
  const name = named.replace(/^project /, '');
  const projects = await listProjects(application.db);
  const found = projects.find(isCalled(name));
  if (found !== undefined) {
    const { projectId, name: asCalled } = found;
    return { holder: { kind: 'project', projectId }, project: { id: projectId, name: asCalled } };
  }
  if (named === 'project' && project !== undefined)
    return { holder: { kind: 'project', projectId: project.id }, project };
  const shown = plainText(said.join(' '), { singleLine: true, maxLength: 60 });
  throw new CommandRefused(`“${shown}” is no project. Say “me”, “channel”, or the name of a project.`);
}

/** Why somebody may not change a holder’s preferences; nothing when he may. */
export function refusalOf({ role, name, memberId }: Actor, holder: Holder): string | undefined {
  if (holder.kind === 'person') {
    return holder.memberId === memberId ? undefined : `These are not ${name}’s own. Say “preferences” to see those.`;
  }
  const deed = holder.kind === 'channel' ? 'steer-own' : 'administer';
  if (roleAllows(role, deed)) return undefined;
  const whose = holder.kind === 'channel' ? 'a channel' : 'a project';
  return `To choose for ${whose}, the role “${roleNeeded(deed)}” is needed; ${name} has “${role}”. What is your own you can always choose.`;
}
