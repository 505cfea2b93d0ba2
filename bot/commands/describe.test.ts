import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandOption } from '#core/chat/adapter.ts';
import { definitions } from '#core/commands/definitions.ts';
import { describeCommands } from './describe.ts';
import { commandTable, findCommand } from './table.ts';

const described = describeCommands().filter(({ name }) => name !== 'ask');

const anyValue: Readonly<Record<CommandOption['kind'], fc.Arbitrary<string>>> = {
  task: fc.nat({ max: 999_999 }).chain((number) => fc.constantFrom(String(number), `#${number}`)),
  number: fc.nat().map(String),
  text: fc.stringMatching(/^[\w./:-]{1,30}$/),
  project: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  holder: fc.constantFrom('me', 'channel', 'demo'),
  runbook: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  request: fc.stringMatching(/^[a-z ]{1,30}$/),
};

describe('the command table, described for platforms with typed commands', () => {
  it('has every command, with names and summaries that all platforms take', () => {
    const names = Object.values(definitions).map(({ name }) => name);
    expect(described.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(commandTable).toHaveLength(names.length);
    for (const { name, summary, options } of describeCommands()) {
      expect(name).toMatch(/^[a-z]+( [a-z]+)*$/);
      expect(summary.length).toBeLessThanOrEqual(100);
      const required = options.map((option) => option.required);
      // Discord wants required options first.
      expect(required).toEqual([...required].sort((a, b) => Number(b) - Number(a)));
      for (const option of options) {
        expect(option.name).toMatch(/^[a-z0-9-]{1,32}$/);
        expect(option.summary.length).toBeLessThanOrEqual(100);
      }
    }
  });

  it.each(described.map((each) => [each.name, each] as const))(
    '“%s” is said so that it is understood',
    (name, each) => {
      const values = fc.record(
        Object.fromEntries(each.options.map(({ name: option, kind }) => [option, anyValue[kind]])),
        { requiredKeys: each.options.filter(({ required }) => required).map((option) => option.name) },
      );
      fc.assert(
        fc.property(values, (given) => {
          const found = findCommand(each.say(given));
          expect(found?.command.name).toBe(name);
          expect(found?.words).toEqual(
            Object.entries(given).map(([option, value]) =>
              each.options.find((one) => one.name === option)?.kind === 'task' ? `#${value.replace('#', '')}` : value,
            ),
          );
        }),
      );
    },
  );

  it('asks in the person’s own words', () => {
    const [ask] = describeCommands();
    expect(ask?.say({ request: 'run\nthe tests', project: 'demo' })).toBe('run the tests in demo');
  });
});
