import type { EnvelopedEvent } from '@slack/bolt';
import type { Clock } from '../clock.ts';
import type { AppSettings } from '../settings.ts';
import type { Changes } from '../state/changes.ts';
import type { Tokens } from '../state/tokens.ts';
import type { Workspace } from '../state/workspace.ts';
import type { Attempt, Transport } from './attempt.ts';
import type { EventRouting } from './event-faults.ts';

/** An event as the app gets it inside its envelope. */
export interface SlackEvent {
  readonly type: string;
  readonly event_ts: string;
  readonly [field: string]: unknown;
}

/** One time that an event was sent. */
export interface DeliveryAttempt {
  /** By the stand-in's clock, milliseconds since 1970. */
  readonly at: number;
  /** How long the app took to acknowledge, or had, in real milliseconds. */
  readonly took: number;
  /** 0 for the first time. */
  readonly retry: number;
  /** Why it counts as failed. */
  readonly failed?: string;
}

/** What became of one event. */
export interface EventRecord {
  readonly id: string;
  readonly event: SlackEvent;
  readonly attempts: readonly DeliveryAttempt[];
  state: 'pending' | 'acknowledged' | 'given up';
}

/** Slack's side of what the app receives. */
export interface Delivery {
  /** Every event that was due to the app, oldest first. */
  readonly events: readonly EventRecord[];
  /** Sends an event to the app, if it subscribed to it and has the scope, and again until it is acknowledged. */
  event(workspace: Workspace, event: SlackEvent, subscription: string, scope?: string): void;
  /** Nothing is sent any more. */
  stop(): void;
  /** Sends what a person did with a button, form or command, once: Slack never repeats these. */
  interact(kind: 'interactive' | 'slash_commands', payload: Readonly<Record<string, unknown>>): Promise<Attempt>;
}

/** Slack tries again at once, after a minute and after five (docs.slack.dev, Events API). Milliseconds. */
export const slackRetries: readonly number[] = [0, 60_000, 300_000];

/** What an app is told after it was removed; of all else in the workspace it hears nothing. */
const farewells: readonly string[] = ['app_uninstalled', 'tokens_revoked'];

interface Parts {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly settings: AppSettings;
  readonly tokens: Tokens;
  readonly faults: EventRouting;
  readonly retries: readonly number[];
  readonly transport: () => Transport;
}

export function createDelivery({ clock, changes, settings, tokens, faults, retries, transport }: Parts): Delivery {
  const events: EventRecord[] = [];
  let stopped = false;

  const attempt = async (
    record: EventRecord,
    envelope: EnvelopedEvent,
    retry: number,
    reason: string,
  ): Promise<void> => {
    if (stopped) return;
    const [at, begin] = [clock.now(), performance.now()];
    const shipped = await transport().ship({ kind: 'events_api', payload: envelope, retry, reason });
    const lost = shipped.acknowledged && faults.takesAcknowledgement();
    const result: Attempt = lost ? { acknowledged: false, reason: 'timeout' } : shipped;
    const failed = result.acknowledged ? {} : { failed: result.reason };
    (record.attempts as DeliveryAttempt[]).push({ at, took: performance.now() - begin, retry, ...failed });
    const wait = retries[retry];
    if (result.acknowledged) record.state = 'acknowledged';
    else if (wait === undefined) record.state = 'given up';
    else if (wait === 0) void attempt(record, envelope, retry + 1, result.reason);
    else clock.after(wait, () => void attempt(record, envelope, retry + 1, result.reason));
    changes.notify();
  };

  return {
    events,
    stop: () => {
      stopped = true;
    },
    event(workspace, event, subscription, scope) {
      if (!settings.events.includes(subscription)) return;
      if (!tokens.installed(workspace.id) && !farewells.includes(event.type)) return;
      if (scope !== undefined && !settings.scopes.includes(scope)) return;
      const id = workspace.newId('Ev');
      faults.route({ id, event }, (due) => {
        const record: EventRecord = { id: due.id, event: due.event, attempts: [], state: 'pending' };
        events.push(record);
        void attempt(record, envelopeOf(workspace, settings, clock, due.id, due.event), 0, '');
      });
    },
    async interact(kind, payload) {
      const result = await transport().ship({ kind, payload, retry: 0, reason: '' });
      changes.notify();
      return result;
    },
  };
}

function envelopeOf(
  workspace: Workspace,
  settings: AppSettings,
  clock: Clock,
  id: string,
  event: SlackEvent,
): EnvelopedEvent<SlackEvent> {
  const origin = workspace.channels.get(String(event.channel))?.origin;
  return {
    token: settings.verificationToken,
    // Of a shared channel the workspace that shared it, whoever speaks (slackapi/bolt-js#935).
    team_id: origin ?? workspace.id,
    context_team_id: workspace.id,
    api_app_id: settings.appId,
    event,
    type: 'event_callback',
    event_id: id,
    event_time: Math.floor(clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.id,
        user_id: workspace.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: origin !== undefined,
    event_context: `4-${id}`,
  };
}
