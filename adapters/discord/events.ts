import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord.js';
import { z } from 'zod';

const person = z.looseObject({ id: z.string(), username: z.string() });
const file = z.looseObject({ id: z.string(), filename: z.string(), size: z.number(), url: z.string() });
const message = z.looseObject({
  id: z.string(),
  channel_id: z.string(),
  author: person,
  content: z.string(),
  mentions: z.array(z.looseObject({ id: z.string() })),
  attachments: z.array(file),
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
  [GatewayDispatchEvents.MessageReactionAdd]: z.looseObject({
    user_id: z.string(),
    channel_id: z.string(),
    message_id: z.string(),
    emoji: z.looseObject({}),
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

/** Whether an event has what its handling needs; of one that means nothing to us, nothing is asked. */
export function isWhole({ t, d }: GatewayDispatchPayload): boolean {
  const shape = shapes[t];
  return shape === undefined || shape.safeParse(d).success;
}
