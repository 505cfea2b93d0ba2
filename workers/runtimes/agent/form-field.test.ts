import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultOf, formField, hintOf, readAnswer } from './form-field.ts';

const read = (schema: object, answer: string) => readAnswer(answer, formField.parse(schema));

describe('an answer to a field of a form', () => {
  const colours = {
    type: 'array',
    items: { type: 'string', enum: ['red', 'green', 'blue'] },
    minItems: 1,
    maxItems: 2,
  };
  it.each([
    [{ type: 'string' }, ' words ', { value: 'words' }],
    [{ type: 'string', enum: ['a', 'b'] }, 'a', { value: 'a' }],
    [{ type: 'string', oneOf: [{ const: 'x', title: 'The X' }] }, 'The X', { value: 'x' }],
    [{ type: 'string', enum: ['a', 'b'] }, 'B', { value: 'b' }],
    [{ type: 'string', enum: ['a', 'b'] }, 'c', { problem: '“c” is none of them' }],
    [{ type: 'string', oneOf: [{ const: 'x', title: 'The X' }] }, 'y', { problem: '“y” is none of them' }],
    [{ type: 'string', format: 'email' }, 'a@example.org', { value: 'a@example.org' }],
    [{ type: 'string', format: 'email' }, 'a', { problem: 'It must be an address of electronic mail' }],
    [{ type: 'string', format: 'uri' }, 'example', { problem: 'It must be an address (https://…)' }],
    [{ type: 'string', format: 'date' }, '2026-02-30', { problem: 'It must be a day (2026-11-26)' }],
    [{ type: 'string', format: 'date-time' }, '2026-02-03T10:00:00+01:00', { value: '2026-02-03T10:00:00+01:00' }],
    [{ type: 'string', format: 'date-time' }, 'noon', { problem: 'It must be a moment (2026-11-26T12:00:00Z)' }],
    [{ type: 'string', format: 'colour' }, 'red', { value: 'red' }],
    [{ type: 'string', pattern: '^v[0-9]+$' }, 'v12', { value: 'v12' }],
    [{ type: 'string', pattern: '^v[0-9]+$' }, 'twelve', { problem: 'It must fit ^v[0-9]+$' }],
    [{ type: 'string', pattern: '(' }, 'any', { value: 'any' }],
    [{ type: 'string', minLength: 3, maxLength: 5 }, 'ab', { problem: 'It must have 3 to 5 characters' }],
    [{ type: 'boolean' }, 'Yes', { value: true }],
    [{ type: 'boolean' }, 'perhaps', { problem: 'Answer Yes or No' }],
    [{ type: 'number', minimum: 1 }, '1.5', { value: 1.5 }],
    [{ type: 'number' }, 'many', { problem: 'It must be a number' }],
    [{ type: 'integer' }, '1.5', { problem: 'It must be a whole number' }],
    [{ type: 'integer', maximum: 9 }, '10', { problem: 'It must be at most 9' }],
    [{ type: 'integer' }, '', { problem: 'It must be a whole number' }],
    [colours, '1, Blue', { value: ['red', 'blue'] }],
    [colours, 'red,green,blue', { problem: 'Choose 1 to 2 of them' }],
    [colours, 'mauve', { problem: '“mauve” is none of them' }],
    [colours, '', { problem: 'Choose 1 to 2 of them' }],
    [{ type: 'array', items: { anyOf: [{ const: 'n', title: 'North' }] } }, 'north', { value: ['n'] }],
  ])('%j: %j', (schema, answer, expected) => expect(read(schema, answer)).toEqual(expected));

  it('is not held up by an expression that takes for ever', () => {
    const words = `${'a'.repeat(60)}!`;
    expect(read({ type: 'string', pattern: '^(a+)+$' }, words)).toEqual({ value: words });
  });

  it.each([
    [{ ...colours, default: ['red', 'blue'] }, 'red, blue'],
    [{ ...colours, default: ['mauve'] }, undefined],
    [{ type: 'string', oneOf: [{ const: 'x', title: 'The X' }], default: 'x' }, 'The X'],
    [{ type: 'boolean', default: false }, 'No'],
    [{ type: 'integer', default: 3, maximum: 2 }, undefined],
  ])('is the default of %j where nobody gives one, if that fits', (schema, expected) =>
    expect(defaultOf(formField.parse(schema))).toBe(expected),
  );

  it('is explained where its choices are', () => {
    const oneOf = [
      { const: 'x', title: 'Fast', description: 'costs more' },
      { const: 'y', title: 'Slow' },
    ];
    expect(hintOf(formField.parse({ type: 'string', oneOf }))).toBe('Fast (costs more)');
    expect(hintOf(formField.parse({ type: 'array', items: { anyOf: oneOf } }))).toContain(
      '1: Fast (costs more) · 2: Slow',
    );
  });

  it('says what may be chosen where several may be', () => {
    expect(hintOf(formField.parse(colours))).toBe(
      'Answer with one or more, with commas between: 1: red · 2: green · 3: blue',
    );
  });

  it('is never more than its field allows', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.nat(), (answer, minimum, more) => {
        const result = read({ type: 'number', minimum, maximum: minimum + more }, answer);
        if (!('value' in result)) return;
        expect(result.value).toBeGreaterThanOrEqual(minimum);
        expect(result.value).toBeLessThanOrEqual(minimum + more);
      }),
    );
  });
});
