import { z } from 'zod';
import { namesOf } from '#core/agents/catalogue.ts';
import { definitions } from '#core/commands/definitions.ts';
import { showNotice } from '#core/show/replies.ts';
import { removePreference, setPreference } from '#db/preferences/preferences.ts';
import { listAgents } from '#db/workers/agents.ts';
import { noticeCard } from './cards.ts';
import { type Command, CommandRefused, carryOut } from './command.ts';

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
    async run(words, { application, actor, thread }) {
      const said = words.join(' ').toLowerCase();
      if (said === 'default') {
        await removePreference(application.db, thread, 'agent');
        return [
          noticeCard('This channel has no agent of its own', 'success', [
            'The project’s agent or the first one works here.',
          ]),
        ];
      }
      const agents = await listAgents(application.db);
      const agent = agents.find((each) => namesOf(each).some((name) => name.toLowerCase() === said));
      if (agent === undefined) throw new CommandRefused(`No worker has an agent “${said}”. Say “agents” to see them.`);
      await setPreference(application.db, thread, { name: 'agent', value: agent.id, memberId: actor.memberId });
      const text = [
        'What is asked in this channel goes to it, unless the request or the project names another one.',
        'Say “use agent default” to take that back.',
      ];
      return [noticeCard(`${agent.name} works in this channel`, 'success', text)];
    },
  }),
];
