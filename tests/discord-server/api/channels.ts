import { z } from 'zod';
import { has, need, needToSend, visibleChannel } from '../access.ts';
import { parseBody } from '../check/parse.ts';
import type { Discord } from '../discord.ts';
import { type ApiRequest, done, ok, param, type Route } from '../http/route.ts';
import { rates } from '../limits.ts';
import { refusals } from '../refusal.ts';
import { type Channel, isThread, type ThreadState } from '../state/channel.ts';
import { announceThread, setArchived } from '../threads.ts';
import { channelJson } from '../wire.ts';
import { autoArchive } from './threads.ts';

const channel = '/channels/{channel_id}';

export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: channel,
    auth: 'bot',
    rate: rates.ordinary,
    answer: (request, discord) => ok(channelJson(discord.world, visibleChannel(discord, param(request, 'channel_id')))),
  },
  { method: 'PATCH', path: channel, auth: 'bot', rate: rates.ordinary, answer: update },
  {
    method: 'POST',
    path: `${channel}/typing`,
    auth: 'bot',
    rate: rates.messages,
    answer(request, discord) {
      needToSend(discord, visibleChannel(discord, param(request, 'channel_id')));
      return done;
    },
  },
];

const changes = z.strictObject({
  name: z.string().min(1).max(100).nullish(),
  archived: z.boolean().nullish(),
  locked: z.boolean().nullish(),
  invitable: z.boolean().nullish(),
  auto_archive_duration: autoArchive.nullish(),
  rate_limit_per_user: z.number().int().min(0).max(21_600).nullish(),
});
type Changes = z.infer<typeof changes>;

/** Threads only: the bot has no business with the settings of other channels. */
function update(request: ApiRequest, discord: Discord) {
  const thread = visibleChannel(discord, param(request, 'channel_id'));
  if (!isThread(thread)) {
    need(discord, thread, 'manageChannels');
    throw refusals.wrongChannelType();
  }
  const asked = parseBody(changes, request.body);
  mayChange(discord, thread, asked);
  if (asked.name != null && asked.name !== thread.name) thread.name = countName(discord, thread, asked.name);
  const { thread: state } = thread;
  if (asked.locked != null) state.locked = asked.locked;
  if (asked.invitable != null) state.invitable = asked.invitable;
  if (asked.auto_archive_duration != null) state.autoArchive = asked.auto_archive_duration;
  if (asked.archived != null && asked.archived !== state.archived) setArchived(discord, thread, asked.archived);
  else announceThread(discord, 'THREAD_UPDATE', thread);
  return ok(channelJson(discord.world, thread));
}

/** Who may change what (docs, Modify Channel: thread). */
function mayChange(discord: Discord, thread: Channel & { thread: ThreadState }, asked: Changes): void {
  const manages = has(discord, thread, 'manageThreads');
  const owns = thread.thread.ownerId === discord.world.bot.id;
  const onlyOpens = asked.archived === false && Object.values(asked).filter((value) => value != null).length === 1;
  if (thread.thread.archived && asked.archived !== false) throw refusals.archived();
  if (onlyOpens) {
    if (thread.thread.locked && !manages) throw refusals.missingPermissions();
    if (!manages) need(discord, thread, 'sendMessagesInThreads');
    return;
  }
  const onlyManagers = asked.locked != null || asked.rate_limit_per_user != null;
  if (!manages && (!owns || onlyManagers || thread.thread.locked)) throw refusals.missingPermissions();
}

/** Two names of a channel in ten minutes, as seen in the wild: a limit apart from that of the route. */
function countName(discord: Discord, thread: Channel, name: string): string {
  const { wait } = discord.limits.take('channel names', thread.id, rates.channelNames);
  if (wait !== undefined) throw new NamesTooOften(wait);
  return name;
}

/** Turned into a 429 by the server. */
export class NamesTooOften extends Error {
  readonly wait: number;

  constructor(wait: number) {
    super('A channel was named too often');
    this.wait = wait;
  }
}
