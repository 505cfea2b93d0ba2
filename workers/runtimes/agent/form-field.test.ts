import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formField, hintOf, readAnswer } from './form-field.ts';

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
