import { type ChatHost, PostRefused, type ThreadAddress, type ThreadStatus } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { cut } from '#core/text/cut.ts';
import { type CommandThreads, type Place, placeOf } from './addresses.ts';
import type { Answers } from './answers.ts';
import type { Doubts } from './doubts.ts';
import type { SlackEvent } from './envelopes.ts';
import { isPassing, slackError } from './failures.ts';
import { sessionTitleLimit } from './limits.ts';
import type { People } from './people.ts';
import type { ApiOf } from './workspaces.ts';

export interface SessionParts {
  readonly apiOf: ApiOf;
  readonly people: People;
  readonly threads: CommandThreads;
  readonly answers: Answers;
  readonly log: AdapterLog;
  readonly doubts: Doubts;
  /** The message that opens a thread. */
  readonly open: (thread: ThreadAddress) => Promise<Place>;
}

interface Session {
  readonly title?: string;
}

const statuses = { working: 'processing', waiting: 'suspended', over: 'closed' } as const;

/** How long it is believed that the app is no agent, in milliseconds: Slack's reason can be of one thread alone. */
const believedMs = 3_600_000;

/** Slack's agent sessions: how a task stands beside its thread, with Slack's own stop button while it works. */
export function createSessions({ apiOf, people, threads, answers, log, doubts, open }: SessionParts) {
  /** Workspaces where the app is no agent, and until when that is believed, in milliseconds since 1970. */
  const undeclared = new Map<string, number>();

  return {
    /** Where the app is no agent, Slack refuses this and is not asked again for a while. */
    async show(thread: ThreadAddress, { title, state }: ThreadStatus): Promise<void> {
      const { team } = placeOf(thread);
      if ((undeclared.get(team) ?? 0) > Date.now()) return;
      const { channel, ts } = await open(thread);
      const api = apiOf(team);
      const session = { channel_id: channel, thread_ts: ts, title: cut(title, sessionTitleLimit) || 'Task' };
      const status = statuses[state];
      try {
        await doubts.write(`session:${team}/${channel}/${ts}`, JSON.stringify({ ...session, status }), async () => {
          const set = await api.call<Session>('agents.sessions.setStatus', { ...session, status });
          // A title counts only where it makes the session; a further task of the thread has another.
          if (set.title !== undefined && set.title !== session.title) await api.call('agents.sessions.rename', session);
        });
      } catch (error) {
        // Of this channel, or of this moment: it says nothing about the app.
        if (error instanceof PostRefused || isPassing(error) || slackError(error) === undefined) throw error;
        undeclared.set(team, Date.now() + believedMs);
        log.info(
          { team, reason: slackError(error) },
          'the app is not declared an agent: tasks are shown by their cards alone',
        );
      }
    },
    /** Slack's own stop button. The status follows from the task's, for Slack leaves it as it was. */
    async stopped(host: ChatHost, team: string, event: Extract<SlackEvent, { type: 'agent_session_stopped' }>) {
      const channel = event.channel ?? event.channel_id;
      const user = event.user ?? event.user_id;
      if (channel === undefined || event.thread_ts === undefined || user === undefined) return;
      const thread = await threads.original({ team, channel, ts: event.thread_ts });
      await answers.pass({ thread, user }, await host.stop(thread, await people.find(team, user)));
    },
  };
}
