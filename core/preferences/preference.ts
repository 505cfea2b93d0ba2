import { z } from 'zod';

/** How Commander's own sentences sound; what they claim is the same in each. */
export const manners = ['friendly', 'professional', 'terse'] as const;
export type Manner = (typeof manners)[number];

/** How much of what happens a thread shows, and so how often its posts change. */
export const verbosities = ['quiet', 'normal', 'detailed'] as const;
export type Verbosity = (typeof verbosities)[number];

/** Whether what waits is brought to mind again. */
export const reminderChoices = ['on', 'off'] as const;

/** What can be preferred. */
export const preferenceNames = ['tone', 'verbosity', 'format', 'agent', 'project', 'reminders'] as const;
export type PreferenceName = (typeof preferenceNames)[number];

/** Whose preference it is. */
export type HolderKind = 'person' | 'channel' | 'project';

export type Holder =
  | { readonly kind: 'person'; readonly memberId: string }
  | { readonly kind: 'channel'; readonly platform: string; readonly channel: string }
  | { readonly kind: 'project'; readonly projectId: string };

/** What somebody chose for a holder, with who chose it and when. */
export interface Choice {
  readonly holder: HolderKind;
  readonly name: PreferenceName;
  readonly value: string;
  /** The name of who chose it. */
  readonly setBy: string;
  readonly setAt: string;
}

/** What can be chosen for each; a button carries it, so it is of letters, digits, `-` and `_`. */
export const preferenceValues = {
  tone: z.enum(manners),
  reminders: z.enum(reminderChoices),
  verbosity: z.enum(verbosities),
  format: z.string().regex(/^[a-z0-9][a-z0-9-]{0,15}$/),
  agent: z.string().regex(/^[\w-]{1,40}$/),
  /** Its id. */
  project: z.uuid(),
} as const satisfies Readonly<Record<PreferenceName, z.ZodType<string>>>;
