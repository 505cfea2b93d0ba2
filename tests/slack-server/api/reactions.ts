import { z } from 'zod';
import { announceReaction } from '../events.ts';
import { tiers } from '../limits.ts';
import { args, timeStamp } from './arguments.ts';
import { existingMessage, visibleChannel } from './channels.ts';
import { type Method, method } from './method.ts';
import { Refusal } from './refusal.ts';

const input = args({
  channel: z.string().min(1),
  timestamp: timeStamp,
  name: z.string().regex(/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/),
});

const add = method({
  name: 'reactions.add',
  scope: 'reactions:write',
  rate: tiers.three,
  input,
  answer({ channel, timestamp, name }, { workspace, slack }) {
    const message = existingMessage(workspace, visibleChannel(workspace, channel).id, timestamp);
    const people = message.reactions.get(name) ?? new Set<string>();
    if (people.has(workspace.bot.userId)) throw new Refusal('already_reacted');
    message.reactions.set(name, people.add(workspace.bot.userId));
    workspace.changes.notify();
    announceReaction(slack, workspace, message, { type: 'reaction_added', user: workspace.bot.userId, reaction: name });
    return {};
  },
});

const remove = method({
  name: 'reactions.remove',
  scope: 'reactions:write',
  rate: tiers.two,
  input,
  answer({ channel, timestamp, name }, { workspace, slack }) {
    const message = existingMessage(workspace, visibleChannel(workspace, channel).id, timestamp);
    if (message.reactions.get(name)?.delete(workspace.bot.userId) !== true) throw new Refusal('no_reaction');
    if (message.reactions.get(name)?.size === 0) message.reactions.delete(name);
    workspace.changes.notify();
    announceReaction(slack, workspace, message, {
      type: 'reaction_removed',
      user: workspace.bot.userId,
      reaction: name,
    });
    return {};
  },
});

export const reactionMethods: readonly Method[] = [add, remove];
