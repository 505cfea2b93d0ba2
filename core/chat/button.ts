import { z } from 'zod';

/**
 * What a button or form means, as a short opaque text: `<verb>:<id>[:<id>]`. It names things by random ids only; rights and
 * state are looked up when it is pressed, so a forged or old one can do no more than its presser may do now.
 * At most 100 characters: Discord's limit for a custom_id, the smallest of all platforms.
 */
export const actionLimit = 100;

const verbs = [
  'approve',
  'deny',
  'refine',
  'always',
  'answer',
  'pause',
  'resume',
  'cancel',
  'restart',
  'retry',
  'resume-from',
  'deliver',
  'revert',
  'revert-all',
  'revert-files',
  'revert-nothing',
  'details',
  'diff',
  'explain',
  'forget-rule',
  'change-rule',
  'elsewhere',
  'review',
  'escalate',
  'interrupt',
  'wait',
  'run',
  'choose',
  'fill',
  'draft',
  'prefer',
  'filter',
  'use',
  'together',
] as const;

export type ActionVerb = (typeof verbs)[number];

export interface Action {
  readonly verb: ActionVerb;
  /** The approval, question, task, revert, rule or message that it is about. */
  readonly subject: string;
  /** A choice within it: an option's index, a checkpoint's number, the commit that was shown. */
  readonly choice?: string;
}

const actionShape = z.tuple([
  z.enum(verbs),
  z.string().regex(/^[\w-]{1,40}$/),
  z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .optional(),
]);

/** Writes an action for a button. */
export function encodeAction(action: Action): string {
  return [action.verb, action.subject, ...(action.choice === undefined ? [] : [action.choice])].join(':');
}

/** Reads an action from a platform; `undefined` when this version of Commander does not know it. */
export function decodeAction(text: string): Action | undefined {
  if (text.length > actionLimit) return undefined;
  const parsed = actionShape.safeParse(text.split(':'));
  if (!parsed.success) return undefined;
  const [verb, subject, choice] = parsed.data;
  return { verb, subject, ...(choice === undefined ? {} : { choice }) };
}
