import { preferenceValues } from '#core/preferences/preference.ts';
import type { Runbook } from './schema.ts';

/** The input of a runbook by which it offers formats of its files. */
export const formatInput = 'format';

/** The formats that a runbook offers, as people prefer them: the options of its input `format`. */
export function formatsOf({ inputs }: Pick<Runbook, 'inputs'>): readonly string[] {
  const input = Object.hasOwn(inputs, formatInput) ? inputs[formatInput] : undefined;
  const options = input?.type === 'enum' ? (input.options ?? []) : [];
  return options.map((each) => each.toLowerCase()).filter((each) => preferenceValues.format.safeParse(each).success);
}
