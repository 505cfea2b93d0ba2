import type { Inline, RichText } from '#core/chat/inline.ts';
import type { Manner } from '#core/preferences/preference.ts';

type Spoken = Readonly<Record<Manner, string>>;

/**
 * The sentences whose sound a preference decides: each claims the same in every tone. `{name}` stands for what is filled in.
 * Everything else that cards say has one wording.
 */
export const sentencesByTone = {
  understood: { friendly: 'Got it, thank you', professional: 'Understood', terse: 'Got it' },
  again: {
    friendly: 'Sure, run again: round {round}',
    professional: 'Run again, round {round}',
    terse: 'Again, round {round}',
  },
  expected: {
    friendly: 'Here is what you can expect of it:',
    professional: 'What is expected of it:',
    terse: 'Expected:',
  },
  checks: {
    friendly: 'I will check the final commit for you: {checks}.',
    professional: 'Commander checks the final commit: {checks}.',
    terse: 'Checks of the final commit: {checks}.',
  },
  noChecks: {
    friendly: 'Just so you know: no checks are declared for the result.',
    professional: 'No checks are declared for the result.',
    terse: 'No checks declared.',
  },
  approvalNeeded: { friendly: 'Your approval, please', professional: 'Approval needed', terse: 'Approve?' },
  question: { friendly: 'A question, please', professional: 'A question', terse: 'Question' },
  report: { friendly: '{status}: here is your report', professional: '{status}: report', terse: '{status}' },
  notUnderstood: {
    friendly: 'Sorry, I did not understand that',
    professional: 'I did not understand that',
    terse: 'Not understood',
  },
  notStarted: {
    friendly: 'Nothing was started yet. Just say {help} to see everything that I understand.',
    professional: 'Nothing was started. Say {help} to see everything that I understand.',
    terse: 'Nothing started. See {help}.',
  },
  whichPlace: {
    friendly: 'That fits more than one. Which do you mean, please?',
    professional: 'That fits more than one. Which do you mean?',
    terse: 'Fits more than one. Which?',
  },
  needsMore: {
    friendly: 'Nearly there: {runbook} in {project} needs something more',
    professional: '{runbook} in {project} needs something more',
    terse: '{runbook} in {project} needs more',
  },
  onlyLook: {
    friendly:
      'Sorry, {name} may look, but not ask for work. An admin can change that: “set role requester for {name}”.',
    professional: '{name} may look, but not ask for work. An admin can change that: “set role requester for {name}”.',
    terse: '{name} may only look. An admin can change that: “set role requester for {name}”.',
  },
  needsRole: {
    friendly: 'Sorry, that needs the role “{role}”; {name} has “{own}”.',
    professional: 'That needs the role “{role}”; {name} has “{own}”.',
    terse: 'Needs “{role}”; {name} has “{own}”.',
  },
  pausing: { friendly: 'Sure: #{number} pauses.', professional: '#{number} pauses.', terse: '#{number} pauses.' },
  resumed: { friendly: 'Sure: #{number} goes on.', professional: '#{number} goes on.', terse: '#{number} goes on.' },
  cancelling: {
    friendly: 'Sure: #{number} is being cancelled.',
    professional: '#{number} is being cancelled.',
    terse: '#{number} is cancelling.',
  },
  retrying: {
    friendly: 'Sure: #{number} goes on from the step that failed.',
    professional: '#{number} goes on from the step that failed.',
    terse: '#{number} retries the failed step.',
  },
  restarted: {
    friendly: 'Sure: #{number} runs again.',
    professional: '#{number} runs again.',
    terse: '#{number} runs again.',
  },
  helpAsked: {
    friendly: 'Sure: help is asked for with #{number}.',
    professional: 'Help is asked for with #{number}.',
    terse: 'Asked for help: #{number}.',
  },
} as const satisfies Readonly<Record<string, Spoken>>;

export type SentenceName = keyof typeof sentencesByTone;

/** A sentence in a tone, with what is filled in. */
export function say(manner: Manner, name: SentenceName, filled: Readonly<Record<string, string>> = {}): string {
  return parts(manner, name)
    .map((part, index) => (index % 2 === 0 ? part : (filled[part] ?? '')))
    .join('');
}

/** The same where what is filled in is more than words. */
export function sayRich(manner: Manner, name: SentenceName, filled: Readonly<Record<string, Inline>>): RichText {
  return parts(manner, name).map((part, index) => (index % 2 === 0 ? part : (filled[part] ?? '')));
}

/** Words and names of what is filled in, in turns. */
function parts(manner: Manner, name: SentenceName): readonly string[] {
  return sentencesByTone[name][manner].split(/\{(\w+)\}/);
}
