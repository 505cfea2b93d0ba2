import { type APIMessage, GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord.js';
import { z } from 'zod';

const person = z.looseObject({ id: z.string(), username: z.string() });
const file = z.looseObject({ id: z.string(), filename: z.string(), size: z.number(), url: z.string() });
const snapshots = z
  .array(
    z.looseObject({
      message: z.looseObject({
        content: z.string().catch(''),
        attachments: z.array(z.looseObject({ filename: z.string() })).catch([]),
      }),
    }),
  )
  .optional()
  .catch(undefined);
const member = z
  .looseObject({ roles: z.array(z.string()), nick: z.string().nullish() })
  .optional()
  .catch(undefined);
const said = { content: z.string(), attachments: z.array(file), author: person, message_snapshots: snapshots };
const message = z.looseObject({
  ...said,
  id: z.string(),
  channel_id: z.string(),
  mentions: z.array(z.looseObject({ id: z.string() })),
  member,
  message_reference: z.looseObject({ message_id: z.string().optional() }).optional().catch(undefined),
  referenced_message: z
    .looseObject({ ...said, id: z.string() })
    .nullish()
    .catch(undefined),
});
const interaction = z.looseObject({
  id: z.string(),
  token: z.string(),
  type: z.number(),
  data: z.looseObject({}).optional(),
});

/** What is needed of the events that mean something. */
const shapes: Partial<Record<string, z.ZodType>> = {
  [GatewayDispatchEvents.MessageCreate]: message,
  [GatewayDispatchEvents.MessageUpdate]: message,
  [GatewayDispatchEvents.MessageDelete]: z.looseObject({ id: z.string() }),
  [GatewayDispatchEvents.MessageDeleteBulk]: z.looseObject({ ids: z.array(z.string()) }),
  [GatewayDispatchEvents.MessageReactionAdd]: z.looseObject({
    user_id: z.string(),
    channel_id: z.string(),
    message_id: z.string(),
    emoji: z.looseObject({}),
    member: z
      .looseObject({ user: person, roles: z.array(z.string()) })
      .optional()
      .catch(undefined),
  }),
  [GatewayDispatchEvents.InteractionCreate]: interaction,
  [GatewayDispatchEvents.ThreadUpdate]: z.looseObject({
    id: z.string(),
    thread_metadata: z.looseObject({}).optional(),
  }),
  [GatewayDispatchEvents.ChannelUpdate]: z.looseObject({ id: z.string() }),
  [GatewayDispatchEvents.GuildMemberUpdate]: z.looseObject({ user: z.looseObject({ id: z.string() }) }),
};

// Zod compiles an object at its first use: here, and not while fifty people wait for their first answer (some ms in a profile).
for (const shape of Object.values(shapes))
  shape?.safeParse({ data: {}, author: {}, user: {}, emoji: {}, mentions: [{}], attachments: [{}] });

/**
 * An event with all that its handling needs, `undefined` when it has not; what is broken beside that is left away. Of one that
 * means nothing to us, nothing is asked.
 */
export function wholeEvent(event: GatewayDispatchPayload): GatewayDispatchPayload | undefined {
  const read = shapes[event.t]?.safeParse(event.d);
  if (read === undefined) return event;
  return read.success ? ({ ...event, d: read.data } as GatewayDispatchPayload) : undefined;
}

/** Those of the messages that Discord lists which have all that their handling needs, in the same way. */
export function wholeMessages(messages: readonly unknown[]): readonly APIMessage[] {
  return messages.flatMap((each) => {
    const read = message.safeParse(each);
    return read.success ? [read.data as unknown as APIMessage] : [];
  });
}
