import { z } from 'zod';
import type { Discord } from '../discord.ts';
import type { PrivilegedIntent } from '../settings.ts';
import { closeCode, everyIntent, intent } from './codes.ts';

/** What IDENTIFY brings (docs, Gateway Events: Identify). */
export const identifyData = z.strictObject({
  token: z.string(),
  intents: z.number().int(),
  properties: z.strictObject({ os: z.string(), browser: z.string(), device: z.string() }),
  compress: z.boolean().optional(),
  large_threshold: z.number().int().min(50).max(250).optional(),
  shard: z.tuple([z.number().int(), z.number().int()]).optional(),
  presence: z.unknown().optional(),
});
export type IdentifyData = z.infer<typeof identifyData>;

export const resumeData = z.strictObject({ token: z.string(), session_id: z.string(), seq: z.number().int() });
export type ResumeData = z.infer<typeof resumeData>;

const privileged: Readonly<Record<PrivilegedIntent, number>> = {
  members: intent.guildMembers,
  presences: intent.guildPresences,
  messageContent: intent.messageContent,
};

/** The close code of an IDENTIFY that Discord does not take. */
export function identifyRefusal({ settings, credentials }: Discord, data: IdentifyData): number | undefined {
  if (data.token !== credentials.token) return closeCode.authenticationFailed;
  if ((data.intents & ~everyIntent) !== 0) return closeCode.invalidIntents;
  const names = Object.keys(privileged) as PrivilegedIntent[];
  const off = names.filter((name) => !settings.privilegedIntents.includes(name));
  return off.some((name) => (data.intents & privileged[name]) !== 0) ? closeCode.disallowedIntents : undefined;
}
