import { setTimeout as pause } from 'node:timers/promises';
import { LogLevel, webApi } from '@slack/bolt';
import { PostLater, type Urgency } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { explained, slackError } from './failures.ts';
import { insist } from './insist.ts';
import { createLane, type Lane, type LaneLimits, limitsOf } from './lanes.ts';

/** Slack's Web API, paced: a call goes out only when Slack has room for it. */
export interface Api {
  /** The token that counts now. */
  token(): Promise<string>;
  /**
   * Calls a method. `channel` is given where Slack counts by channel.
   * @throws PostLater before anything was sent, when only progress would be shown and there is no room.
   */
  call<Answer>(name: string, args: object, pace?: Pace): Promise<Answer>;
  /** What still waits for room ends with `PostLater`: the next process shows it. */
  close(): void;
}

export interface Pace {
  readonly urgency: Urgency;
  /** A lane of its own for each of these: posts of one channel. */
  readonly lane?: string;
}

/** What is said of a call is looked at again at least this often, in milliseconds. */
const longestWaitMs = 2000;

export interface ApiParts {
  /** The workspace's token, asked before each call. @throws PostRefused when there is none. */
  readonly token: () => Promise<string>;
  /** Slack refused a token with this word: whether there is another one by now. */
  readonly refused: (token: string, reason: string) => Promise<'renewed' | 'gone'>;
  readonly apiUrl: string | undefined;
  readonly log: AdapterLog;
  /** One try of a call, in milliseconds. */
  readonly callMs: number;
  /** How a method is paced. Default: within Slack's published limits. */
  readonly paceOf?: typeof limitsOf;
}

export function createApi({ token, refused, apiUrl, log, callMs, paceOf = limitsOf }: ApiParts): Api {
  const client = new webApi.WebClient(undefined, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: callMs,
    // We repeat by ourselves: only we know whether a call may have been done already.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: quietLogger(log),
  });
  const lanes = new Map<string, Lane>();
  const ending = new AbortController();

  /** All lanes that a call stands in: of its method, and of its channel where Slack counts by channel. */
  function lanesOf(name: string, channel: string | undefined): readonly Lane[] {
    const all = laneOf(name, () => paceOf(name, 'all'));
    return channel === undefined ? [all] : [all, laneOf(`${name} ${channel}`, () => paceOf(name, 'channel'))];
  }

  function laneOf(id: string, limits: () => LaneLimits): Lane {
    const known = lanes.get(id) ?? createLane(limits());
    lanes.set(id, known);
    return known;
  }

  /** With the token of the moment; once more when Slack knows it no longer and there is a newer one. */
  async function send<Answer>(name: string, args: object): Promise<Answer> {
    const first = await token();
    try {
      return (await client.apiCall(name, { ...args, token: first })) as Answer;
    } catch (error) {
      const reason = slackError(error) ?? '';
      if (!tokenEnds.has(reason) || (await refused(first, reason)) === 'gone') throw error;
    }
    return (await client.apiCall(name, { ...args, token: await token() })) as Answer;
  }

  async function once<Answer>(name: string, args: object, { urgency, lane: channel }: Pace): Promise<Answer> {
    const standsIn = lanesOf(name, channel);
    for (;;) {
      const now = performance.now();
      const wait = Math.max(...standsIn.map((lane) => lane.room(urgency, now)));
      if (wait === 0) {
        for (const lane of standsIn) lane.take(urgency, now);
        break;
      }
      const look = Math.min(wait, longestWaitMs);
      if (urgency === 'soon' || ending.signal.aborted) throw new PostLater(look);
      await pause(look, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    try {
      return await send<Answer>(name, args);
    } catch (error) {
      if (!(error instanceof webApi.WebAPIRateLimitedError)) throw explained(error);
      const afterMs = error.retryAfter * 1000;
      for (const lane of standsIn) lane.rest(performance.now() + afterMs);
      log.warn({ method: name, afterMs }, 'Slack asks for a rest');
      throw new PostLater(Math.min(afterMs, longestWaitMs));
    }
  }

  return {
    token,
    close: () => ending.abort(),
    call: <Answer>(name: string, args: object, pace: Pace = { urgency: 'now' }) =>
      reads.has(name) && !ending.signal.aborted
        ? insist(() => once<Answer>(name, args, pace))
        : once<Answer>(name, args, pace),
  };
}

/** Methods that change nothing: where no answer came they are asked again at once. */
const reads: ReadonlySet<string> = new Set([
  'auth.test',
  'conversations.history',
  'conversations.info',
  'conversations.replies',
  'files.info',
  'users.conversations',
  'users.info',
]);

/** Slack's words for a token that does not count any more (docs, errors of every method). */
const tokenEnds: ReadonlySet<string> = new Set(['token_expired', 'token_revoked', 'account_inactive']);

/** Bolt and its clients speak through Commander's own log. */
export function quietLogger(log: AdapterLog) {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...words: unknown[]) => log.warn({}, words.map(String).join(' ')),
    error: (...words: unknown[]) => log.warn({}, words.map(String).join(' ')),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
