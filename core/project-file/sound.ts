import type { z } from 'zod';
import { identifier } from './fields.ts';
import { type Check, check, input, type RunbookInput, type RunbookStep, step } from './schema.ts';

/** The well-formed parts of a file that need not be well-formed as a whole, each with its place. */
export interface SoundFile {
  readonly runbooks: readonly SoundRunbook[];
  readonly verify: readonly (readonly [index: number, check: Check])[];
}

export interface SoundRunbook {
  readonly id: string;
  readonly aliases: readonly (readonly [index: number, alias: string])[];
  /** All of them, the ill-formed ones too: a step may ask for them. */
  readonly inputNames: readonly string[];
  readonly inputs: readonly (readonly [name: string, input: RunbookInput])[];
  readonly steps: readonly (readonly [index: number, step: RunbookStep])[];
  readonly verify: SoundFile['verify'];
}

/** Finds them, so that one mistake hides no other. */
export function soundParts(content: unknown): SoundFile {
  const runbooks = entriesOf(keyOf(content, 'runbooks')).filter(([id]) => identifier.safeParse(id).success);
  return {
    runbooks: runbooks.map(([id, value]) => soundRunbook(id, value)),
    verify: soundItems(content, 'verify', check),
  };
}

function soundRunbook(id: string, value: unknown): SoundRunbook {
  const inputs = entriesOf(keyOf(value, 'inputs')).filter(([name]) => identifier.safeParse(name).success);
  return {
    id,
    aliases: itemsOf(value, 'aliases').filter((entry): entry is [number, string] => typeof entry[1] === 'string'),
    inputNames: inputs.map(([name]) => name),
    inputs: inputs.flatMap(([name, each]) => {
      const parsed = input.safeParse(each);
      return parsed.success ? [[name, parsed.data] as const] : [];
    }),
    steps: soundItems(value, 'steps', step),
    verify: soundItems(value, 'verify', check),
  };
}

function soundItems<Item>(parent: unknown, key: string, schema: z.ZodType<Item>): readonly (readonly [number, Item])[] {
  return itemsOf(parent, key).flatMap(([index, item]) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [[index, parsed.data] as const] : [];
  });
}

function itemsOf(parent: unknown, key: string): readonly [number, unknown][] {
  const list = keyOf(parent, key);
  return Array.isArray(list) ? [...list.entries()] : [];
}

function keyOf(parent: unknown, key: string): unknown {
  return entriesOf(parent).find(([name]) => name === key)?.[1];
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
