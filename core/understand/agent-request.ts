import { knownAgents, type NamedAgent, namesOf } from '#core/agents/catalogue.ts';
import type { ReviewerWish } from '#core/agents/reviewer.ts';

/** What a request says about who does it. */
export interface AgentHint {
  /** The agent that it names, of those that are there. */
  readonly agent?: NamedAgent;
  /** An agent that it names, which is known and not there. */
  readonly missing?: string;
  /** The request without those words. */
  readonly rest: string;
}

/** Reads "with codex", "using Claude Code" at any place of a request. */
export function readAgentHint(text: string, agents: readonly NamedAgent[]): AgentHint {
  const there = agents.flatMap((agent) => namesOf(agent).map((name) => ({ name, agent })));
  const known = knownAgents.flatMap((agent) =>
    namesOf(agent).map((name) => ({ name, agent: undefined, missing: agent.name })),
  );
  // Longer names first: "claude code" before "claude".
  for (const each of [...there, ...known].sort((a, b) => b.name.length - a.name.length)) {
    const words = new RegExp(String.raw`(?<!\S)(?:with|using|by|use)\s+${RegExp.escape(each.name)}(?![\w-])`, 'i');
    const rest = text.replace(words, ' ');
    if (rest === text) continue;
    return each.agent === undefined ? { missing: each.missing, rest } : { agent: each.agent, rest };
  }
  return { rest: text };
}

/** Reads "reviewer: codex", "reviewer: model opus", "reviewer: bo" at any place of a request. */
export function readReviewer(text: string): { readonly reviewer?: ReviewerWish; readonly rest: string } {
  const found = /(?<!\S)reviewer:\s*(?:model\s+([^\s,;]{1,100})|@?"([^"\n]{1,100})"|@?([^\s,;]{1,100}))/i.exec(text);
  if (found === null) return { rest: text };
  const [whole, model, quoted, word] = found;
  const rest = text.replace(whole, ' ');
  return { reviewer: model === undefined ? { person: quoted ?? word ?? '' } : { model }, rest };
}

/** Words that say nothing about what is to be done. */
const filler = new Set(
  'a an the and or to for of in on at with my our your this that it please now just do run start make execute launch can could you would will we me us i want need lets hey hi commander'.split(
    ' ',
  ),
);

/** Whether a word says nothing about what is to be done. */
export function isFiller(word: string): boolean {
  return filler.has(word.toLowerCase());
}

/** Whether a request is about more than the words that named a runbook: it begins with something else that they leave over. */
export function isAboutMore(words: readonly string[], left: readonly string[]): boolean {
  const first = words.map((word) => word.toLowerCase()).find((word) => !isFiller(word));
  return first !== undefined && left.some((word) => word.toLowerCase() === first);
}
