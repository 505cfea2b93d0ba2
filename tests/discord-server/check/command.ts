import { z } from 'zod';

/*
 * Commands as they are registered (docs, Application Commands). Names of slash commands and options: lower case letters of any
 * script, digits, `-`, `_` and `'`.
 */
const slashName = z
  .string()
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u)
  .refine((name) => name === name.toLowerCase(), { message: 'Names are lower case' });
const description = z.string().min(1).max(100);
const localizations = z.record(z.string(), z.string()).nullish();
const described = {
  name: slashName,
  name_localizations: localizations,
  description,
  description_localizations: localizations,
};
const value = { ...described, required: z.boolean().nullish() };
const choices = <Value extends z.ZodType>(kind: Value) =>
  z
    .array(z.strictObject({ name: z.string().min(1).max(100), name_localizations: localizations, value: kind }))
    .max(25)
    .nullish();

const text = z.strictObject({
  ...value,
  type: z.literal(3),
  autocomplete: z.boolean().nullish(),
  choices: choices(z.string().max(100)),
  min_length: z.number().int().min(0).max(6000).nullish(),
  max_length: z.number().int().min(1).max(6000).nullish(),
});
const whole = z.strictObject({
  ...value,
  type: z.union([z.literal(4), z.literal(10)]),
  autocomplete: z.boolean().nullish(),
  choices: choices(z.number()),
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
});
const plain = z.strictObject({
  ...value,
  type: z.union([z.literal(5), z.literal(6), z.literal(7), z.literal(8), z.literal(9), z.literal(11)]),
  channel_types: z.array(z.number().int()).nullish(),
});
const valueOption = z.discriminatedUnion('type', [text, whole, plain]);
const inOrder = z
  .array(valueOption)
  .max(25)
  .superRefine((options, context) => {
    const late = options.findIndex(
      ({ required }, index) => required && options.slice(0, index).some((one) => !one.required),
    );
    if (late !== -1)
      context.addIssue({
        code: 'custom',
        path: [late],
        message: 'Required options must be placed before non-required options',
        params: { code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID' },
      });
    const names = options.map(({ name }) => name);
    if (new Set(names).size !== names.length)
      context.addIssue({
        code: 'custom',
        message: 'Option name already used',
        params: { code: 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS' },
      });
    for (const [index, option] of options.entries()) {
      if ('autocomplete' in option && option.autocomplete && (option.choices?.length ?? 0) > 0) {
        context.addIssue({ code: 'custom', path: [index], message: 'Options with autocomplete cannot have choices' });
      }
    }
  });
const subcommand = z.strictObject({
  ...described,
  type: z.literal(1),
  options: inOrder.nullish(),
  required: z.literal(false).nullish(),
});
const group = z.strictObject({
  ...described,
  type: z.literal(2),
  options: z.array(subcommand).min(1).max(25),
  required: z.literal(false).nullish(),
});
const nested = z
  .array(z.discriminatedUnion('type', [subcommand, group]))
  .min(1)
  .max(25);

const sharedFields = {
  id: z.string().nullish(),
  name_localizations: localizations,
  default_member_permissions: z.union([z.string().regex(/^\d+$/), z.number()]).nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: z.array(z.number().int().min(0).max(2)).min(1).nullish(),
  integration_types: z.array(z.number().int().min(0).max(1)).min(1).nullish(),
  nsfw: z.boolean().nullish(),
};
const slash = z.strictObject({
  ...sharedFields,
  type: z.literal(1).optional(),
  name: slashName,
  description,
  description_localizations: localizations,
  options: z.union([nested, inOrder]).nullish(),
});
const contextMenu = z.strictObject({
  ...sharedFields,
  type: z.union([z.literal(2), z.literal(3)]),
  name: z.string().min(1).max(32),
});
const command = z.union([slash, contextMenu]).refine((one) => size(one) <= 8000, {
  message: 'Command exceeds maximum size (8000)',
  params: { code: 'APPLICATION_COMMAND_TOO_LARGE' },
});

/** 100 slash commands, 15 on people, 15 on messages (docs; 5 and 5 before 2026-03). */
const most = { 1: 100, 2: 15, 3: 15 } as const;

export const commandList = z.array(command).superRefine((commands, context) => {
  for (const type of [1, 2, 3] as const) {
    const names = commands.filter((one) => (one.type ?? 1) === type).map(({ name }) => name);
    if (names.length > most[type])
      context.addIssue({
        code: 'custom',
        message: `Maximum number of commands of type ${type} reached (${most[type]})`,
        params: { code: 'APPLICATION_COMMANDS_MAXIMUM' },
      });
    if (new Set(names).size !== names.length)
      context.addIssue({
        code: 'custom',
        message: 'Application command names must be unique',
        params: { code: 'APPLICATION_COMMANDS_DUPLICATE_NAME' },
      });
  }
});

/** Characters of all names, descriptions and values of a command. */
function size(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + size(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, field]) => sum + (/^(name|description|value)$/.test(key) ? String(field).length : size(field)),
    0,
  );
}
