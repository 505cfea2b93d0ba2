import type { NamedAgent } from '#core/agents/catalogue.ts';
import type { Choice } from '#core/preferences/preference.ts';
import { heldChoice } from '#core/preferences/resolve.ts';
import { type Reading, understand, type World } from '#core/understand/understand.ts';
import { choicesOfMessage } from '#db/preferences/preferences.ts';
import { listProjects, type Project, setConcurrency } from '#db/projects/projects.ts';
import { listRoutes } from '#db/projects/routes.ts';
import { listAgents } from '#db/workers/agents.ts';
import type { Application } from '../application.ts';
import { declaredRoutes, type LoadedProject, loadProject, type ReadyProject } from '../project-file/load.ts';

/** What requests can be about, as it is now: looked at once for a message, however many requests it has. */
export interface Known {
  readonly loaded: readonly LoadedProject[];
  readonly usable: readonly ReadyProject[];
  /** The coding agents that are there, the one to prefer first. */
  readonly agents: readonly NamedAgent[];
  readonly routes: NonNullable<World['routes']>;
  /** The own project of the channel in which the message was said. */
  readonly channelProject: Choice | undefined;
}

/** Looks at all projects, for a message. Nothing changes but a project's limit, where its file says another. */
async function readKnown({ db, home }: Application, messageId: string): Promise<Known> {
  const [projects, agents, routes, choices] = await Promise.all([
    listProjects(db),
    listAgents(db),
    listRoutes(db),
    choicesOfMessage(db, messageId),
  ]);
  const loaded = await Promise.all(projects.map((project) => loadProject(home, project)));
  const usable = loaded.flatMap((each) => (each.ok ? [each] : []));
  await followLimits(db, projects, usable);
  return {
    ...{ loaded, usable, agents },
    routes: [...routes, ...usable.flatMap(declaredRoutes)],
    channelProject: heldChoice('project', choices),
  };
}

/** What requests of a message can be about, looked at when it is first asked for. */
export function knownOnce(application: Application, messageId: string): () => Promise<Known> {
  let known: Promise<Known> | undefined;
  return () => {
    known ??= readKnown(application, messageId);
    return known;
  };
}

/** Reads words as a request. */
export function readRequest(
  { loaded, agents, routes, channelProject }: Known,
  { text, threadProjectId, place }: { readonly text: string } & Pick<World, 'threadProjectId' | 'place'>,
): Reading {
  return understand(text, {
    // One that can't be used now keeps its name: what is asked of it must not be done anywhere else.
    projects: loaded.map((each) => ({
      id: each.project.projectId,
      name: each.project.name,
      ...(each.ok ? { runbooks: each.file.runbooks } : { runbooks: {}, problem: each.problem }),
    })),
    agents,
    routes,
    channelProject,
    threadProjectId,
    place,
  });
}

/** The limit of a project that its file says now is the one that admission goes by. */
async function followLimits(
  db: Application['db'],
  projects: readonly Project[],
  usable: readonly ReadyProject[],
): Promise<void> {
  for (const { project, file } of usable) {
    const stored = projects.find(({ projectId }) => projectId === project.projectId)?.concurrency;
    if (stored !== file.limits.concurrency) await setConcurrency(db, project.projectId, file.limits.concurrency);
  }
}
