import { z } from 'zod';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A week: far below the longest wait of a Node timer (2^31 - 1 ms, 24.8 days), far above any sensible step. */
const longestMs = 7 * units.d;

/** Milliseconds of a time as the file writes it: a number is seconds, a text has its unit ("30s", "1.5h"). */
export function durationMs(value: number | string): number {
  if (typeof value === 'number') return Math.round(value * 1000);
  const match = /^([\d.]{1,12})\s?(ms|s|m|h|d)$/.exec(value);
  const unit = units[(match?.[2] ?? 's') as keyof typeof units];
  return Math.round(Number(match?.[1] ?? Number.NaN) * unit);
}

const durationSays = 'must be a time: seconds, or a number with ms, s, m, h or d, at most 7 days';

/** A time: a number of seconds, or a number with its unit. */
export const duration = z
  .union([z.number(), z.string().regex(/^\d{1,9}(\.\d{1,3})?\s?(ms|s|m|h|d)$/, durationSays)], { error: durationSays })
  .refine((value) => durationMs(value) > 0 && durationMs(value) <= longestMs, { error: durationSays })
  .meta({ id: 'duration', description: 'Seconds, or a time such as "30s", "10m", "1h".', examples: ['10m', 30] });

/** What a value that is no text is told: YAML reads 1.0, 010 and true as something else than their letters. */
export const text = {
  error: ({ input }: { readonly input?: unknown }) =>
    typeof input === 'number' || typeof input === 'boolean' ? 'must be text: put it in quotes' : 'must be text',
};

/** One line of text that people read. */
export const line = z
  .string(text)
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters')
  .regex(/^[^\n\r\0]*$/, 'must be one line');

/** YAML 1.1 took these for true and false; now they are text, which would count as the line. */
const noTruth = /^(?!(?:[yY]|[nN]|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$)/;

/** true, false, or a line that says more. */
export const truthOrLine = z.union(
  [z.boolean(), line.regex(noTruth, 'must be true or false (spelt so, without quotes), or a sentence')],
  { error: 'must be true, false or one line of text' },
);

export const truth = z.boolean({ error: 'must be true or false' });

const pathSays = 'must be a path inside the project: relative, with "/" between folders and without ".."';

/** A path or glob relative to the project. Windows separators are refused: on the workers they are part of a name. */
export const relativePath = z
  .string({ error: pathSays })
  .min(1, pathSays)
  .max(500, 'must be at most 500 characters')
  .regex(/^(?!\/)(?!(?:[^\n]*\/)?\.\.(?:\/|$))[^\0\n\r\\]*$/, pathSays);

/** Templates work in `args` alone: anywhere else an input would be spliced into something that is interpreted. */
export const untemplated = /^(?![\s\S]*\{\{)/;

/** Variables that change how Commander, the shell or the loader starts programs are not a project's to set. */
const reserved =
  /^(?!(?:LD_|DYLD_|GIT_|COMMANDER_|INPUT_|(?:NODE_OPTIONS|BASH_ENV|ENV|PATH|HOME|SHELLOPTS|BASHOPTS|IFS)$))/;

/** Variables of a step. Inputs reach it as INPUT_… in any case. */
export const environment = z.record(
  z
    .string()
    .regex(/^[A-Za-z_]\w{0,99}$/, 'must be a variable name: letters, digits and _')
    .regex(reserved, 'is set by Commander and can’t be changed here'),
  z
    .string(text)
    .max(10_000, 'must be at most 10000 characters')
    .regex(/^[^\0]*$/, 'must not contain NUL')
    .regex(untemplated, 'must not contain {{…}}: inputs are variables already, such as INPUT_VERSION'),
  { error: 'must be variables with their values' },
);

/** Names of runbooks and inputs: short enough for a button, plain enough for a variable. */
export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short name: a-z, 0-9, - and _, beginning with a letter');

/** A whole number in a range; every way to miss it says the range. */
export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const sizeSays = 'must be a size such as 512m or 8g';

/** An amount of memory: mebibytes or gibibytes. */
export const size = z.string({ error: sizeSays }).regex(/^[1-9]\d{0,4}[mg]$/, sizeSays);

/** Bytes of a `size`. */
export function bytesOf(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith('g') ? 1024 ** 3 : 1024 ** 2);
}

/** A list of at most `max` items. */
export function listOf<Item extends z.ZodType>(item: Item, max: number) {
  return z.array(item, { error: 'must be a list' }).max(max, `must have at most ${max} items`);
}

/** A record of at most `max` entries. */
export function recordOf<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
  max: number,
  error: string,
) {
  return z
    .record(key, value, { error })
    .refine((record) => Object.keys(record).length <= max, `must have at most ${max} entries`);
}
