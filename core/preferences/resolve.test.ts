import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Choice, manners, preferenceNames, preferenceValues, reminderChoices, verbosities } from './preference.ts';
import { heldChoice, plainPresentation, precedence, presentationOf } from './resolve.ts';

const values = {
  tone: manners,
  reminders: reminderChoices,
  verbosity: verbosities,
  format: ['pdf', 'html'],
  agent: ['claude', 'opencode'],
  project: ['0198c7b0-0000-7000-8000-000000000001'],
} as const;

const anyChoice: fc.Arbitrary<Choice> = fc.constantFrom(...preferenceNames).chain((name) =>
  fc.record({
    name: fc.constant(name),
    value: fc.oneof(fc.constantFrom<string>(...values[name]), fc.string({ maxLength: 50 })),
    holder: fc.constantFrom('person' as const, 'channel' as const, 'project' as const),
    setBy: fc.constantFrom('ana', 'bo'),
    setAt: fc.constant('2026-05-03T10:00:00.000Z'),
  }),
);

/** One choice at most for each holder and name, as the database keeps them. */
const anyChoices = fc.uniqueArray(anyChoice, { selector: ({ holder, name }) => `${holder} ${name}`, maxLength: 12 });

describe('what holds', () => {
  it('is a valid choice of that name, and nobody who comes first chose otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...preferenceNames), anyChoices, (name, choices) => {
        const held = heldChoice(name, choices);
        const valid = choices.filter(
          (each) =>
            each.name === name &&
            precedence[name].includes(each.holder) &&
            preferenceValues[name].safeParse(each.value).success,
        );
        expect(held === undefined).toBe(valid.length === 0);
        if (held === undefined) return;
        expect(valid).toContain(held);
        const before = precedence[name].slice(0, precedence[name].indexOf(held.holder));
        expect(valid.some(({ holder }) => before.includes(holder))).toBe(false);
      }),
    );
  });

  it('does not depend on the order in which choices are read, nor on choices about something else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...preferenceNames), anyChoices, (name, choices) => {
        const held = heldChoice(name, choices);
        expect(heldChoice(name, choices.toReversed())).toEqual(held);
        expect(
          heldChoice(
            name,
            choices.filter((each) => each.name === name),
          ),
        ).toEqual(held);
      }),
    );
  });

  it('falls to the next when the choice that held is taken back, and to the plain one at last', () => {
    fc.assert(
      fc.property(fc.constantFrom(...preferenceNames), anyChoices, (name, choices) => {
        let left: readonly Choice[] = choices;
        for (let held = heldChoice(name, left); held !== undefined; held = heldChoice(name, left)) {
          const gone = held;
          left = left.filter((each) => each !== gone);
        }
        if (name === 'tone') expect(presentationOf(left).manner).toBe(plainPresentation.manner);
        if (name === 'verbosity') expect(presentationOf(left).verbosity).toBe(plainPresentation.verbosity);
      }),
    );
  });

  it('of how a thread sounds is the channel’s before the requester’s, and of a format the requester’s before the channel’s', () => {
    const by = (holder: Choice['holder'], name: Choice['name'], value: string): Choice => ({
      ...{ holder, name, value },
      ...{ setBy: 'ana', setAt: '2026-05-03T10:00:00.000Z' },
    });
    const tones = [by('person', 'tone', 'terse'), by('channel', 'tone', 'friendly'), by('project', 'tone', 'terse')];
    expect(presentationOf(tones)).toEqual({ manner: 'friendly', verbosity: 'normal' });
    const formats = [by('channel', 'format', 'html'), by('person', 'format', 'pdf')];
    expect(heldChoice('format', formats)?.value).toBe('pdf');
  });
});
