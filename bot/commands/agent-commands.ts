import { z } from 'zod';
import { showNotice } from '#core/show/replies.ts';
import { listAgents } from '#db/workers/agents.ts';
import { noticeCard } from './cards.ts';
import { type Command, defineCommand } from './command.ts';

/** Coding agents: which there are. */
export const agentCommands: readonly Command[] = [
  defineCommand({
    name: 'agents',
    aliases: ['list agents'],
    summary: 'Which coding agents there are, the one that is used first',
    usage: 'agents',
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
];
