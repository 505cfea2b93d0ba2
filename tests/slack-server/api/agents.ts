import { z } from 'zod';
import { tiers } from '../limits.ts';
import type { AgentSession, Workspace } from '../state/workspace.ts';
import { args, timeStamp } from './arguments.ts';
import { authorship, refuseCustomAuthor } from './authorship.ts';
import { threadRoot, writableChannel } from './channels.ts';
import { type Caller, type Method, method } from './method.ts';
import { Refusal, refuseInvalid } from './refusal.ts';

/** Slack publishes no tier for these methods; another SDK takes them for tier 3. */
const rate = tiers.three;
const title = z.string().min(1).max(200);

const setStatus = method({
  name: 'agents.sessions.setStatus',
  scope: 'chat:write',
  rate,
  input: args({
    channel_id: z.string().min(1),
    status: z.enum(['active', 'processing', 'suspended', 'closed']),
    thread_ts: timeStamp.optional(),
    title: title.optional(),
    initiator_user_id: z.string().optional(),
    ...authorship,
  }),
  answer(input, caller) {
    const { workspace, slack } = caller;
    refuseCustomAuthor(input, caller);
    const session = sessionOf(caller, input.channel_id, input.thread_ts, input.initiator_user_id, input.title);
    (session.statuses as string[]).push(input.status);
    session.status = input.status;
    workspace.changes.notify();
    const stoppable = slack.settings.events.includes('agent_session_stopped');
    const warning = 'missing_agent_session_stopped_event_subscription';
    return {
      status: session.status,
      agent_status: session.status,
      title: session.title,
      ...(!stoppable && { warning, response_metadata: { warnings: [warning] } }),
    };
  },
});

const rename = method({
  name: 'agents.sessions.rename',
  scope: 'chat:write',
  rate,
  input: args({ channel_id: z.string().min(1), title, thread_ts: timeStamp.optional() }),
  answer(input, { workspace }) {
    const session = workspace.sessions.get(`${input.channel_id} ${input.thread_ts}`);
    if (session === undefined) throw new Refusal('session_not_found');
    session.title = input.title;
    workspace.changes.notify();
    return { title: session.title };
  },
});

export const agentMethods: readonly Method[] = [setStatus, rename];

function sessionOf(
  caller: Caller,
  channelId: string,
  threadTs: string | undefined,
  initiator: string | undefined,
  givenTitle = '',
): AgentSession {
  const { workspace, slack } = caller;
  // Only apps declared as agents have sessions (docs.slack.dev, agent sessions); the name of the error is a guess.
  if (slack.settings.agent === 'undeclared') throw new Refusal('not_allowed_app_not_agent');
  const channel = writableChannel(caller, channelId);
  if (threadTs === undefined)
    throw refuseInvalid('invalid_arguments', ['missing required field: thread_ts [json-pointer:/]']);
  threadRoot(workspace, channel.id, threadTs);
  if (initiator !== undefined && !channel.members.has(initiator)) throw new Refusal('user_not_in_channel');
  return known(workspace, channel.id, threadTs, givenTitle);
}

function known(workspace: Workspace, channel: string, threadTs: string, givenTitle: string): AgentSession {
  const key = `${channel} ${threadTs}`;
  const session = workspace.sessions.get(key) ?? { channel, threadTs, statuses: [], status: '', title: givenTitle };
  workspace.sessions.set(key, session);
  return session;
}
