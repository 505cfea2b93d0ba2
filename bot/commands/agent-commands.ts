import { z } from 'zod';
import { type NamedAgent, namesOf } from '#core/agents/catalogue.ts';
import { definitions } from '#core/commands/definitions.ts';
import { inherited } from '#core/show/preferences.ts';
import { showNotice } from '#core/show/replies.ts';
import { listAgents } from '#db/workers/agents.ts';
import { noticeCard } from './cards.ts';
import { type Command, CommandRefused, carryOut } from './command.ts';
import { choose } from './preference-commands.ts';
import { readHolder } from './preference-holder.ts';

/** Coding agents: which there are. */
export const agentCommands: readonly Command[] = [
  carryOut(definitions.agents, {
    input: z.tuple([]),
    async run(_, { application }) {
      const agents = await listAgents(application.db);
      if (agents.length === 0) {
        const how = 'Install one on a worker; “npm run doctor” there says how. Then start Commander again.';
        return [noticeCard('There is no coding agent', 'warning', [how])];
      }
      const lines = agents.map(({ id, name, sandboxed }) => [
        `${name}: say “with ${id}”. ${sandboxed ? 'Works in a sandbox.' : 'Works without a sandbox.'}`,
      ]);
      return [showNotice({ tone: 'neutral', title: 'Coding agents', text: lines })];
    },
  }),
  carryOut(definitions.useAgent, {
    input: z.array(z.string()).min(1),
    async run(words, context) {
      const { application, actor } = context;
      const { db } = application;
      const agents = await listAgents(db);
      const { agent, rest } = namedFirst(words, agents);
      const named = await readHolder(rest, context, 'channel');
      const chosen = agent ?? { id: inherited, name: inherited };
      const choice = { name: 'agent', value: chosen.id, label: chosen.name } as const;
      const title = await db.transaction((trx) => choose(trx, choice, named, actor));
      const text = [
        'It holds unless the request or the project names another one. “preferences” says what holds here, and why.',
        'Say “use agent default” to take that back.',
      ];
      return [noticeCard(title, 'success', agent === undefined ? [] : text)];
    },
  }),
];

/** The agent that words begin with (none: `default`), and what comes after it. The longest name wins. @throws CommandRefused */
function namedFirst(words: readonly string[], agents: readonly NamedAgent[]) {
  for (let length = words.length; length > 0; length -= 1) {
    const said = words.slice(0, length).join(' ').toLowerCase();
    const agent = agents.find((each) => namesOf(each).some((name) => name.toLowerCase() === said));
    if (agent !== undefined || said === inherited) return { agent, rest: words.slice(length) };
  }
  const said = words.join(' ').toLowerCase();
  throw new CommandRefused(`No worker has an agent “${said}”. Say “agents” to see them.`);
}
