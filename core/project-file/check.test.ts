import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProjectFile } from './check.ts';

/** What is said about a file; empty when it is right. */
function says(content: unknown): readonly string[] {
  const checked = checkProjectFile(content);
  return checked.ok ? [] : checked.problems.map((problem) => problem.says);
}

/** A file with one runbook of one step. */
function withStep(step: object, runbook: object = {}): object {
  return { runbooks: { release: { summary: 'x', steps: [{ name: 'x', ...step }], ...runbook } } };
}

function withInput(input: object): object {
  return withStep({ run: 'ls' }, { inputs: { version: input } });
}

const ofStep = 'of step 1 in “release”';
const ofInput = 'of the input “version” in “release”';

describe('a project’s file', () => {
  it('may be empty', () => {
    expect(checkProjectFile({})).toEqual({
      ok: true,
      file: { runbooks: {}, verify: [], routes: [], policy: [], limits: {} },
    });
  });

  it.each<[string, unknown, string]>([
    ['no mapping', [], 'The file must be a set of keys'],
    ['an unknown key', { rubooks: {} }, '`rubooks` is not a key that Commander knows: did you mean `runbooks`?'],
    ['a far-off key', { zzz: 1 }, '`zzz` is not a key that Commander knows: the keys here are name, summary,'],
    [
      'a limit’s slip',
      { limits: { concurency: 1 } },
      '`limits.concurency` is not a key that Commander knows: did you mean',
    ],
    [
      'a missing summary',
      { runbooks: { a: { steps: [{ name: 'x', run: 'x' }] } } },
      '`summary` of the runbook “a” is missing',
    ],
    [
      'no steps',
      { runbooks: { a: { summary: 'x', steps: [] } } },
      '`steps` of the runbook “a” needs at least one step',
    ],
    ['a bad name', { runbooks: { 'A b': {} } }, 'the runbook “A b” must be a short name'],
    ['a number as text', withStep({ run: 'x', name: 1 }), `\`name\` ${ofStep} must be text: put it in quotes`],
    [
      'a slip in a step',
      withStep({ run: 'x', tiemout: 1 }),
      `\`tiemout\` ${ofStep} is not a key that Commander knows: did you mean \`timeout\``,
    ],
    ['a slip in a retry', withStep({ run: 'x', retry: { limits: 1 } }), 'did you mean `limit`'],
    [
      'a limit in words',
      withStep({ run: 'x', retry: { limit: 'three' } }),
      `\`retry.limit\` ${ofStep} must be a whole number from 0 to 20`,
    ],
    ['half a retry', withStep({ run: 'x', retry: { limit: 1.5 } }), 'must be a whole number from 0 to 20'],
    ['an odd condition', withStep({ run: 'x', retry: { on: 'transent' } }), 'must be transient, any, an exit code'],
    [
      'exit code 0',
      withStep({ run: 'x', retry: { on: [0] } }),
      `item 1 of \`retry.on\` ${ofStep} must be a whole number from 1`,
    ],
    ['an odd condition’s key', withStep({ run: 'x', retry: { on: { outputs: 'x' } } }), 'did you mean `output`'],
    ['a time in words', withStep({ run: 'x', timeout: '10 minutes' }), `\`timeout\` ${ofStep} must be a time: seconds`],
    ['no time at all', withStep({ run: 'x', timeout: 0 }), 'must be a time'],
    ['a year', withStep({ run: 'x', timeout: '365d' }), 'at most 7 days'],
    ['yes for true', withStep({ run: 'x', approve: 'yes' }), `\`approve\` ${ofStep} must be true or false (spelt so`],
    ['a path outside', withStep({ run: 'x', cwd: 'a/../../b' }), `\`cwd\` ${ofStep} must be a path inside the project`],
    [
      'an absolute glob',
      withStep({ run: 'x', outputs: ['/etc/*'] }),
      `item 1 of \`outputs\` ${ofStep} must be a path inside`,
    ],
    [
      'a loader variable',
      withStep({ run: 'x', env: { LD_PRELOAD: 'x' } }),
      `\`env.LD_PRELOAD\` ${ofStep} is set by Commander`,
    ],
    ['an input variable', withStep({ run: 'x', env: { INPUT_VERSION: 'x' } }), 'is set by Commander'],
    ['a template in a variable', withStep({ run: 'x', env: { A: '{{version}}' } }), 'must not contain {{…}}'],
    ['a template in a script', withStep({ run: 'echo {{dry-run}}' }), 'Use the variable "$INPUT_DRY_RUN"'],
    ['a template as a command', withStep({ command: '{{version}}' }), 'must not contain {{…}}'],
    ['words as a command', withStep({ command: 'npm test' }), `\`command\` ${ofStep} must be one program`],
    ['nothing to run', withStep({}), 'step 1 in “release” needs either `run` (a script) or `command`'],
    ['two things to run', withStep({ run: 'x', command: 'x' }), `\`command\` ${ofStep} must not stand beside \`run\``],
    ['arguments of a script', withStep({ run: 'x', args: ['x'] }), `\`args\` ${ofStep} belongs to \`command\``],
    ['a shell of a command', withStep({ command: 'x', shell: 'bash' }), `\`shell\` ${ofStep} belongs to \`run\``],
    [
      'an unknown input',
      withStep({ command: 'x', args: ['{{verison}}'] }, { inputs: { version: {} } }),
      'did you mean {{version}}?',
    ],
    ['no input at all', withStep({ command: 'x', args: ['{{version}}'] }), 'declares no `inputs`'],
    ['an odd template', withStep({ command: 'x', args: ['{{ a b }}'] }), 'has a {{…}} that names no input'],
    [
      'an enum of nothing',
      withInput({ type: 'enum' }),
      'the input “version” in “release” of type enum needs `options`',
    ],
    ['options of text', withInput({ options: ['a'] }), `\`options\` ${ofInput} is for inputs of type enum`],
    ['a pattern of a number', withInput({ type: 'number', pattern: 'x' }), `\`pattern\` ${ofInput} is for`],
    ['a range of text', withInput({ min: 1 }), `\`min\` ${ofInput} is for inputs of type number`],
    ['a range upside down', withInput({ type: 'number', min: 2, max: 1 }), `\`min\` ${ofInput} must not be above`],
    ['a wrong pattern', withInput({ pattern: '(' }), `\`pattern\` ${ofInput} has a "(" that is not closed`],
    [
      'a default that does not fit',
      withInput({ pattern: 'a+', default: 'b' }),
      `\`default\` ${ofInput} must look like a+`,
    ],
    ['a default that YAML changes', withInput({ default: 1 }), `\`default\` ${ofInput} must be text: put it in quotes`],
    ['required with a default', withInput({ required: true, default: 'x' }), `\`required\` ${ofInput} contradicts`],
    [
      'a check with a template',
      { verify: [{ name: 'x', command: 'x', args: ['{{a}}'] }] },
      'item 1 of `args` of check 1 must not contain',
    ],
    ['a check of nothing', { verify: ['ls', { name: 'x' }] }, 'check 2 needs either `run`'],
    ['a slip in a check', { verify: [{ name: 'x', rum: 'x' }] }, 'did you mean `run`'],
    ['a check that is a number', { verify: [3] }, 'check 1 must be a shell script, or keys with a name'],
  ])('with %s is refused with words that help', (_, content, words) => {
    expect(says(content).filter((each) => each.includes(words))).toHaveLength(1);
  });

  it('tells all of its problems at once, whatever parts they are in', () => {
    const content = {
      rubooks: 1,
      verify: [{ name: 'x' }],
      runbooks: {
        one: { summary: 1, aliases: ['go'], steps: [{ name: 'x', run: 'x', timeot: 3 }, { name: 'y' }] },
        two: { summary: 'x', aliases: ['Go', 'one'], inputs: { 'a-b': {}, a_b: { type: 'enum' } }, steps: [] },
      },
    };
    expect(says(content)).toEqual([
      '`summary` of the runbook “one” must be text: put it in quotes',
      expect.stringContaining('`timeot` of step 1 in “one” is not a key'),
      '`steps` of the runbook “two” needs at least one step',
      expect.stringContaining('`rubooks` is not a key'),
      expect.stringContaining('step 2 in “one” needs either'),
      'the input “a_b” in “two” of type enum needs `options`',
      'the input “a_b” in “two” and “a-b” would both be the variable INPUT_A_B: rename one',
      'item 1 of `aliases` of the runbook “two” already means the runbook “one”',
      'item 2 of `aliases` of the runbook “two” already means the runbook “one”',
      expect.stringContaining('check 1 needs either'),
    ]);
  });

  it('is right or told what is wrong, whatever it holds', () => {
    const key = fc.constantFrom(
      'runbooks',
      'a',
      'steps',
      'verify',
      'inputs',
      'retry',
      'on',
      'run',
      'args',
      '__proto__',
      'constructor',
    );
    const { any } = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom<unknown>(null, 1, 'x', true, '{{a}}', ''),
        fc.array(tie('any'), { maxLength: 2 }),
        fc.dictionary(key, tie('any'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(any, (content) => {
        const checked = checkProjectFile(content);
        if (!checked.ok) expect(checked.problems.every((problem) => problem.says !== '')).toBe(true);
        if (!checked.ok) expect(checked.problems).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is answered soon when it is nothing but problems', () => {
    const runbooks = Object.fromEntries(Array.from({ length: 5000 }, (_, count) => [`r${count}`, { summary: count }]));
    expect(says({ runbooks })).toHaveLength(200);
  });
});
