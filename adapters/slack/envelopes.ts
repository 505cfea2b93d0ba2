import { z } from 'zod';

const file = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().optional(),
  size: z.number().optional(),
});

/** What Slack shows below a message: of another message only some of these say something (seen; not documented). */
const attachment = z.looseObject({
  is_msg_unfurl: z.boolean().optional(),
  author_name: z.string().optional(),
  /** It shows what a link leads to. */
  from_url: z.string().optional(),
  pretext: z.string().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  fallback: z.string().optional(),
  files: z.array(z.looseObject({ name: z.string().nullish() })).optional(),
});

/** A message as an event, or as it stands in a channel's history. */
export const messageShape = z.looseObject({
  type: z.enum(['message', 'app_mention']),
  subtype: z.string().optional(),
  channel: z.string().optional(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  bot_profile: z.looseObject({ name: z.string().optional() }).nullish().catch(undefined),
  username: z.string().nullish(),
  text: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  /** Of a message that opens a thread, where Slack lists messages. */
  latest_reply: z.string().optional(),
  client_msg_id: z.string().optional(),
  edited: z.looseObject({ ts: z.string().optional() }).optional(),
  files: z.array(file).optional(),
  // What is below it in another shape is no reason not to hear it.
  attachments: z.array(attachment).optional().catch(undefined),
});

export type SlackMessage = z.infer<typeof messageShape>;

const changeShape = z.looseObject({
  type: z.literal('message'),
  subtype: z.enum(['message_changed', 'message_deleted']),
  channel: z.string(),
  message: messageShape.optional(),
  previous_message: messageShape.optional(),
  deleted_ts: z.string().optional(),
});

const reaction = z.looseObject({
  type: z.literal('reaction_added'),
  user: z.string(),
  reaction: z.string(),
  item_user: z.string().optional(),
  item: z.looseObject({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
});

const homeOpened = z.looseObject({ type: z.literal('app_home_opened'), user: z.string(), tab: z.string().optional() });

const stopped = z.looseObject({
  type: z.literal('agent_session_stopped'),
  channel: z.string().optional(),
  channel_id: z.string().optional(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
  user_id: z.string().optional(),
});

const joined = z.looseObject({ type: z.literal('member_joined_channel'), user: z.string(), channel: z.string() });

const removed = z.looseObject({ type: z.enum(['app_uninstalled', 'tokens_revoked']) });

/** Of the app and its places, not of what is said. */
const lifeEvents = ['app_home_opened', 'agent_session_stopped', 'app_uninstalled', 'tokens_revoked'] as const;

/** Events that mean something here; all others are none of our business. */
export const eventShape = z.union([changeShape, messageShape, reaction, homeOpened, joined, stopped, removed]);

export type SlackEvent = z.infer<typeof eventShape>;

/** A message was edited or deleted. */
export type SlackChange = z.infer<typeof changeShape>;

export function isChange(event: SlackEvent): event is SlackChange {
  return event.type === 'message' && (event.subtype === 'message_changed' || event.subtype === 'message_deleted');
}

const fromShape = z.looseObject({
  view: z.looseObject({ app_installed_team_id: z.string().nullish() }).nullish(),
  authorizations: z.array(z.looseObject({ team_id: z.string().nullish() })).nullish(),
  team_id: z.string().nullish(),
  team: z.looseObject({ id: z.string() }).nullish(),
});

/**
 * The workspace whose bot is meant, whatever comes. In a channel that another workspace shares (Slack Connect) `team_id` of an event is
 * that one, and `team` of a form the one of who filled it in: the bot is in neither (slackapi/bolt-js#935, #1614).
 */
export function teamOf(body: unknown): string | undefined {
  const { view, authorizations, team_id, team } = fromShape.safeParse(body).data ?? {};
  return view?.app_installed_team_id ?? authorizations?.[0]?.team_id ?? team_id ?? team?.id;
}

export const callbackShape = z.looseObject({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string().optional(),
  event: z.unknown(),
  is_ext_shared_channel: z.boolean().optional().catch(undefined),
  /** Ours: it was found by looking back. */
  late: z.literal(true).optional(),
});

export type Callback = z.infer<typeof callbackShape>;

/** A message that was edited or deleted. */
const changed = z
  .looseObject({ user: z.string().optional(), ts: z.string().optional(), client_msg_id: z.string().optional() })
  .optional();

/** As much of an event as decides whether and how it is kept. */
export const storedEventShape = z.looseObject({
  type: z.enum(['message', 'app_mention', 'reaction_added', 'member_joined_channel', ...lifeEvents]),
  subtype: z.string().optional(),
  channel: z.string().optional(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  text: z.string().optional(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
  client_msg_id: z.string().optional(),
  edited: z.looseObject({ ts: z.string().optional() }).optional(),
  message: changed,
  previous_message: changed,
  deleted_ts: z.string().optional(),
  item: z.looseObject({ channel: z.string().optional() }).optional(),
});

export type StoredEvent = z.infer<typeof storedEventShape>;

const person = z.looseObject({ id: z.string() });
const container = z.looseObject({ message_ts: z.string().optional(), thread_ts: z.string().optional() }).optional();
const messageRef = z.looseObject({ ts: z.string(), thread_ts: z.string().optional() });

export const actionsShape = z.looseObject({
  type: z.literal('block_actions'),
  user: person,
  trigger_id: z.string(),
  channel: z.looseObject({ id: z.string() }).optional(),
  container,
  response_url: z.string().optional(),
  message: messageRef.optional(),
  view: z.looseObject({ type: z.string() }).optional(),
  actions: z
    .array(
      z.looseObject({
        action_id: z.string(),
        selected_option: z.looseObject({ value: z.string() }).nullish(),
        selected_user: z.string().nullish(),
      }),
    )
    .min(1),
});

export const submissionShape = z.looseObject({
  type: z.literal('view_submission'),
  user: person,
  trigger_id: z.string().optional(),
  view: z.looseObject({
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  }),
});

export const shortcutShape = z.looseObject({
  type: z.literal('message_action'),
  user: person,
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.looseObject({ id: z.string() }),
  message: messageShape.extend({ type: z.string().optional() }),
});

export const commandShape = z.looseObject({
  command: z.string(),
  text: z.string().default(''),
  channel_id: z.string(),
  user_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
});

/** What the fields of a form hold, by their names. */
export const fieldShape = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
  selected_options: z.array(z.looseObject({ value: z.string() })).optional(),
  files: z.array(file).optional(),
});
