import type { Sockets } from '../delivery/sockets.ts';
import { tiers } from '../limits.ts';
import { args, flag } from './arguments.ts';
import { type Method, method } from './method.ts';

/** What an app calls first: who am I, and where do I connect. */
export function connectionMethods(sockets: Sockets): readonly Method[] {
  return [
    method({
      name: 'auth.test',
      rate: tiers.special,
      input: args({}),
      answer: (_input, { workspace, slack }) => ({
        url: `https://${workspace.domain}.slack.com/`,
        team: workspace.name,
        user: 'commander',
        team_id: workspace.id,
        user_id: workspace.bot.userId,
        bot_id: workspace.bot.botId,
        is_enterprise_install: slack.settings.installedTo === 'organisation',
      }),
    }),
    method({
      name: 'auth.revoke',
      rate: tiers.three,
      input: args({ test: flag.optional() }),
      answer(input, { slack, workspace }) {
        if (input.test !== true) slack.tokens.revoke(workspace.id);
        return { revoked: input.test !== true };
      },
    }),
    method({
      name: 'apps.connections.open',
      token: 'app',
      scope: 'connections:write',
      rate: tiers.three,
      input: args({}),
      answer: (_input, { slack }) => ({ url: sockets.ticket(slack.origin()) }),
    }),
  ];
}
