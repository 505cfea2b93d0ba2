import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInputs, readValue } from './inputs.ts';
import type { RunbookInput } from './schema.ts';

const inputs: Readonly<Record<string, RunbookInput>> = {
  version: { type: 'string', pattern: String.raw`\d+\.\d+\.\d+`, summary: 'as in 1.2.0' },
  format: { type: 'enum', options: ['pdf', 'HTML'], default: 'pdf' },
  count: { type: 'number', min: 1, max: 10, default: 3 },
  draft: { type: 'boolean', default: false },
  note: { type: 'string', required: false },
  file: { type: 'path', required: false },
};

describe('inputs', () => {
  it('are filled in from defaults', () => {
    expect(checkInputs({ inputs }, { version: '1.2.0' })).toEqual({
      ok: true,
      values: { version: '1.2.0', format: 'pdf', count: '3', draft: 'false', note: '', file: '' },
    });
  });

  it('take an option and a truth in any spelling, and give it as declared', () => {
    const given = { version: '1.2.0', format: 'html', draft: 'Yes' };
    expect(checkInputs({ inputs }, given)).toMatchObject({ ok: true, values: { format: 'HTML', draft: 'true' } });
  });

  it('are all complained about at once', () => {
    const checked = checkInputs(
      { inputs },
      { version: 'x', format: 'docx', count: '11', draft: 'perhaps', verison: '1' },
    );
    expect(checked).toEqual({
      ok: false,
      problems: {
        version: '“version” does not fit (as in 1.2.0); you gave “x”.',
        format: '“format” must be one of pdf, HTML; you gave “docx”.',
        count: '“count” must be a number from 1 to 10; you gave “11”.',
        draft: '“draft” must be true or false; you gave “perhaps”.',
        verison: 'There is no input “verison”: did you mean “version”?',
      },
    });
  });

  it.each(['', undefined])('that are needed are asked for (%j)', (version) => {
    const checked = checkInputs({ inputs }, version === undefined ? {} : { version });
    expect(checked).toEqual({ ok: false, problems: { version: '“version” is needed (as in 1.2.0).' } });
  });

  it('may have names that objects have by themselves', () => {
    const odd = { constructor: { type: 'string' } } as Readonly<Record<string, RunbookInput>>;
    expect(checkInputs({ inputs: odd }, {})).toMatchObject({ ok: false });
    expect(checkInputs({ inputs: odd }, { constructor: 'x' })).toEqual({ ok: true, values: { constructor: 'x' } });
  });
});

describe('a value', () => {
  it.each(['/etc/passwd', '../x', 'a/../../b', '..', 'a\\b', '-rf', 'a\nb', 'a\0b'])('%j is no path', (value) => {
    expect(readValue({ type: 'path' }, value)).toHaveProperty('problem');
  });

  it.each(['src', 'src/a b.ts', './x', 'a..b', '.github/x'])('%j is a path', (value) => {
    expect(readValue({ type: 'path' }, value)).toEqual({ value });
  });

  it('begins with “-” only where the pattern allows it', () => {
    expect(readValue({ type: 'string' }, '--force')).toHaveProperty('problem');
    expect(readValue({ type: 'string', pattern: '--[a-z]+' }, '--force')).toEqual({ value: '--force' });
  });

  it.each(['1e9', 'Infinity', '0x10', ' 1', '1 ', '', '--1', '1.', '٣'])('%j is no number', (value) => {
    expect(readValue({ type: 'number' }, value)).toHaveProperty('problem');
  });

  it('that is taken is one line of the declared kind, whatever was given', () => {
    const input = fc.constantFrom<RunbookInput>(...Object.values(inputs), { type: 'path' }, { type: 'string' });
    fc.assert(
      fc.property(input, fc.string({ unit: 'binary' }), (declared, text) => {
        const read = readValue(declared, text);
        if (!('value' in read)) return;
        expect(read.value).not.toMatch(/[\0\n\r]/);
        if (declared.type === 'enum') expect(declared.options).toContain(read.value);
        if (declared.type === 'path') expect(`/${read.value}/`).not.toMatch(/^\/\/|\/\.\.\//);
      }),
    );
  });
});
