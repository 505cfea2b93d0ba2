import { type NamedAgent, namesOf } from '#core/agents/catalogue.ts';
import type { Reviewer, ReviewerWish } from '#core/agents/reviewer.ts';
import { shorten } from '#core/text/shorten.ts';
import type { Database } from '#db/database.ts';
import { membersNamed } from '#db/intake/members.ts';

/** Who is meant by the reviewer that a request or a project names, or why nobody is. */
export type FoundReviewer =
  | { readonly ok: true; readonly reviewer?: Reviewer }
  | { readonly ok: false; readonly problem: string };

export interface ReviewerQuestion {
  readonly wish: ReviewerWish | undefined;
  /** The agent that does the work. */
  readonly agent: NamedAgent;
  readonly agents: readonly NamedAgent[];
  /** Of the request: its platform is where people are looked for. */
  readonly messageId: string;
}

/** An agent by its names, the same agent with another model, or a person of the platform who is called so. */
export async function findReviewer(db: Database, about: ReviewerQuestion): Promise<FoundReviewer> {
  const { wish, agent, agents, messageId } = about;
  if (wish === undefined) return { ok: true };
  const { model, person } = wish;
  const name = person ?? wish.agent ?? agent.id;
  const found = agents.find((each) => namesOf(each).some((known) => known.toLowerCase() === name.toLowerCase()));
  if (found !== undefined) {
    const { id } = found;
    return { ok: true, reviewer: { kind: 'agent', id, name: found.name, ...(model === undefined ? {} : { model }) } };
  }
  const said = `“${shorten(name, 60)}”`;
  if (person === undefined) return { ok: false, problem: `No worker has the agent ${said} that is to review.` };
  const [member, ...others] = await membersNamed(db, messageId, person);
  if (member === undefined) return { ok: false, problem: `Nobody called ${said} has ever talked to me here.` };
  if (others.length > 0) return { ok: false, problem: `Several people here are called ${said}.` };
  return { ok: true, reviewer: { kind: 'person', ...member } };
}
