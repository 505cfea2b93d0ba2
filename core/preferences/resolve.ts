import {
  type Choice,
  type HolderKind,
  type Manner,
  type PreferenceName,
  preferenceValues,
  type Verbosity,
} from './preference.ts';

/**
 * Whose choice holds, first to last. A thread is seen by all of its channel, so the channel decides how it looks; a file is for
 * who asked for it; which agent works is the project's matter before anybody else's; only a channel has a project of its own.
 */
export const precedence: Readonly<Record<PreferenceName, readonly HolderKind[]>> = {
  tone: ['channel', 'person', 'project'],
  verbosity: ['channel', 'person', 'project'],
  reminders: ['person', 'channel', 'project'],
  format: ['person', 'channel', 'project'],
  agent: ['project', 'channel', 'person'],
  project: ['channel'],
};

/** The choice that holds; none where nobody chose. A value that this version does not know counts as not chosen. */
export function heldChoice(name: PreferenceName, choices: readonly Choice[]): Choice | undefined {
  const known = choices.filter((each) => each.name === name && preferenceValues[name].safeParse(each.value).success);
  return precedence[name].flatMap((kind) => known.filter(({ holder }) => holder === kind))[0];
}

/** How a thread speaks and how much it shows. */
export interface Presentation {
  readonly manner: Manner;
  readonly verbosity: Verbosity;
}

/** How a thread is where nobody chose. */
export const plainPresentation: Presentation = { manner: 'professional', verbosity: 'normal' };

/** How a thread speaks and how much it shows, by what was chosen. */
export function presentationOf(choices: readonly Choice[] = []): Presentation {
  const manner = preferenceValues.tone.safeParse(heldChoice('tone', choices)?.value);
  const verbosity = preferenceValues.verbosity.safeParse(heldChoice('verbosity', choices)?.value);
  return {
    manner: manner.data ?? plainPresentation.manner,
    verbosity: verbosity.data ?? plainPresentation.verbosity,
  };
}
