import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandOption } from '#core/chat/adapter.ts';
import { definitions, taskLists } from '#core/commands/definitions.ts';
import { readOptions } from '#core/commands/read-options.ts';
import { outputKinds } from '#core/run/output-kind.ts';
import { describeCommands } from './describe.ts';
import { commandTable, findCommand } from './table.ts';

const described = describeCommands().filter(({ name }) => name !== 'ask');

const anyValue: Readonly<Record<CommandOption['kind'], fc.Arbitrary<string>>> = {
  task: fc.nat({ max: 999_999 }).chain((number) => fc.constantFrom(String(number), `#${number}`)),
  number: fc.nat().map(String),
  text: fc.stringMatching(/^[\w./:-]{1,30}$/),
  project: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  holder: fc.constantFrom('me', 'channel', 'demo'),
  person: fc.stringMatching(/^[a-z]{2,10}( [a-z]{2,10})?$/),
  runbook: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  request: fc.stringMatching(/^[a-z ]{1,30}$/),
};

function anyValueOf({ kind, choices }: CommandOption): fc.Arbitrary<string> {
  if (choices !== undefined) return fc.constantFrom(...choices);
  // A name that is a word of the list itself can't be told from it.
  const reserved = new RegExp(`\\b(?:in|by|of|from|named|page|to|for|${[...taskLists, ...outputKinds].join('|')})\\b`);
  return kind === 'number'
    ? fc.integer({ min: 1, max: 99 }).map(String)
    : anyValue[kind].filter((value) => !reserved.test(value));
}

function wordsOf({ kind, saidAfter }: CommandOption, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  const said = kind === 'task' ? `#${value.replace('#', '')}` : value;
  return `${saidAfter ?? ''} ${said}`.trim().split(' ');
}

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
      const values = fc.record(Object.fromEntries(each.options.map((option) => [option.name, anyValueOf(option)])), {
        requiredKeys: each.options.filter(({ required }) => required).map((option) => option.name),
      });
      fc.assert(
        fc.property(values, (given) => {
          const found = findCommand(each.say(given));
          expect(found?.command.name).toBe(name);
          const words = each.options.flatMap((option) => wordsOf(option, given[option.name]));
          expect(found?.words).toEqual(words);
          const read = readOptions(words, each.options);
          if (each.options.some(({ saidAfter }) => saidAfter !== undefined)) {
            const values = Object.entries(given).map(([option, value]) => [option, value.replace('#', '')]);
            expect(read).toEqual({ ok: true, values: Object.fromEntries(values) });
          }
        }),
      );
    },
  );

  it('reads a list’s words in any order, and says what it can not read', () => {
    const read = (text: string) => readOptions(text.split(' '), definitions.tasks.options);
    expect(read('mine')).toEqual({ ok: true, values: { which: 'mine' } });
    expect(read('api')).toEqual({ ok: true, values: { project: 'api' } });
    expect(read('of ana lee in strawberry api Waiting 2')).toEqual({
      ok: true,
      values: { person: 'ana lee', project: 'strawberry api', which: 'waiting', page: '2' },
    });
    expect(readOptions(['what', 'now'], definitions.status.options)).toEqual({ ok: false, unread: 'what now' });
  });

  it('asks in the person’s own words', () => {
    const [ask] = describeCommands();
    expect(ask?.say({ request: 'run\nthe tests', project: 'demo' })).toBe('run the tests in demo');
  });
});
