import { nearest } from '#core/text/nearest.ts';
import { isRequired, readValue, variableOf } from './inputs.ts';
import { inputsIn } from './plan.ts';
import type { RunbookInput, RunbookStep } from './schema.ts';
import type { SoundFile, SoundRunbook } from './sound.ts';

/** What breaks a rule that spans several keys. `path` leads to what has to change; `says` follows its name. */
export interface BrokenRule {
  readonly path: readonly (string | number)[];
  readonly says: string;
}

/** What a schema can't say: keys that need or exclude each other, and names that refer to others. */
export function brokenRules(file: SoundFile): readonly BrokenRule[] {
  return [
    ...file.runbooks.flatMap((runbook) => runbookRules(runbook).map(under('runbooks', runbook.id))),
    ...sharedPhrases(file.runbooks),
    ...checkRules(file.verify).map(under('verify')),
  ];
}

function under(...start: readonly (string | number)[]) {
  return ({ path, says }: BrokenRule): BrokenRule => ({ path: [...start, ...path], says });
}

function runbookRules({ inputs, inputNames, steps, verify }: SoundRunbook): readonly BrokenRule[] {
  return [
    ...inputs.flatMap(([name, input]) => inputRules(input).map(under('inputs', name))),
    ...sharedVariables(inputNames),
    ...steps.flatMap(([index, step]) =>
      [...commandRules(step), ...templateRules(step.args, inputNames)].map(under('steps', index)),
    ),
    ...checkRules(verify).map(under('verify')),
  ];
}

type Command = Pick<RunbookStep, 'run' | 'shell' | 'command' | 'args'>;

function commandRules({ run, shell, command, args }: Command): readonly BrokenRule[] {
  if (run === undefined && command === undefined) {
    return [{ path: [], says: 'needs either `run` (a script) or `command` with `args`' }];
  }
  if (run !== undefined && command !== undefined) {
    return [{ path: ['command'], says: 'must not stand beside `run`: a step is either a script or a command' }];
  }
  if (run !== undefined && args.length > 0) {
    return [{ path: ['args'], says: 'belongs to `command`: write the arguments into the script' }];
  }
  return run === undefined && shell !== 'sh'
    ? [{ path: ['shell'], says: 'belongs to `run`: a command has no shell' }]
    : [];
}

function templateRules(args: readonly string[], inputs: readonly string[]): readonly BrokenRule[] {
  return args.flatMap((argument, index) => {
    const unknown = inputsIn(argument).filter((name) => !inputs.includes(name));
    const rest = argument.split('{{').length - 1 - inputsIn(argument).length;
    return [
      ...unknown.map((name) => ({ path: ['args', index], says: `asks for “${name}”: ${whatInstead(name, inputs)}` })),
      ...(rest === 0
        ? []
        : [{ path: ['args', index], says: 'has a {{…}} that names no input: write it as {{version}}' }]),
    ];
  });
}

function whatInstead(name: string, inputs: readonly string[]): string {
  const [near] = nearest(name, inputs, 1);
  if (near !== undefined) return `did you mean {{${near}}}?`;
  return inputs.length === 0 ? 'the runbook declares no `inputs`' : `the inputs are ${inputs.join(', ')}`;
}

function checkRules(checks: SoundFile['verify']): readonly BrokenRule[] {
  return checks.flatMap(([index, check]) => {
    if (typeof check === 'string') return [];
    return [
      ...commandRules(check),
      ...check.args
        .map((argument, at) => ({
          path: ['args', at],
          says: 'must not contain {{…}}: a check gets no inputs',
          argument,
        }))
        .filter(({ argument }) => argument.includes('{{')),
    ].map(under(index));
  });
}

function inputRules(input: RunbookInput): readonly BrokenRule[] {
  const { type, options, pattern, min, max } = input;
  const broken: BrokenRule[] = [];
  if (type === 'enum' && options === undefined) broken.push({ path: [], says: 'of type enum needs `options`' });
  if (type !== 'enum' && options !== undefined) broken.push({ path: ['options'], says: 'is for inputs of type enum' });
  if (pattern !== undefined && type !== 'string' && type !== 'path') {
    broken.push({ path: ['pattern'], says: 'is for inputs of type string or path' });
  }
  for (const key of ['min', 'max'] as const) {
    if (input[key] !== undefined && type !== 'number')
      broken.push({ path: [key], says: 'is for inputs of type number' });
  }
  if (min !== undefined && max !== undefined && min > max)
    broken.push({ path: ['min'], says: 'must not be above `max`' });
  if (input.required === true && !isRequired(input)) {
    broken.push({ path: ['required'], says: 'contradicts `default`: leave one of them out' });
  }
  return broken.length > 0 ? broken : defaultRules(input);
}

function defaultRules(input: RunbookInput): readonly BrokenRule[] {
  const value = input.default;
  const mayBeEmpty = input.type === 'string' || input.type === 'path';
  if (value === undefined || (value === '' && mayBeEmpty)) return [];
  // YAML reads 1.0 as the number 1 and 010 as 10: only quotes keep what was meant.
  if (typeof value !== 'string' && input.type !== 'number' && input.type !== 'boolean') {
    return [{ path: ['default'], says: 'must be text: put it in quotes' }];
  }
  const read = readValue(input, String(value));
  return 'value' in read ? [] : [{ path: ['default'], says: `${read.problem}, as the input declares` }];
}

/** Two inputs whose variables would have the same name. */
function sharedVariables(names: readonly string[]): readonly BrokenRule[] {
  return names
    .map((name) => ({ name, first: names.find((other) => variableOf(other) === variableOf(name)) }))
    .filter(({ name, first }) => first !== name)
    .map(({ name, first }) => ({
      path: ['inputs', name],
      says: `and “${first}” would both be the variable ${variableOf(name)}: rename one`,
    }));
}

/** Words that name two runbooks could never start either of them. */
function sharedPhrases(runbooks: readonly SoundRunbook[]): readonly BrokenRule[] {
  const owners = new Map(runbooks.map(({ id }) => [id, id]));
  return runbooks.flatMap(({ id, aliases }) =>
    aliases.flatMap(([index, alias]) => {
      const phrase = alias.toLowerCase();
      const owner = owners.get(phrase) ?? id;
      owners.set(phrase, owner);
      if (owner === id) return [];
      return [{ path: ['runbooks', id, 'aliases', index], says: `already means the runbook “${owner}”` }];
    }),
  );
}
