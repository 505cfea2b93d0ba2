import { unquote } from '#core/text/quotes.ts';
import { fits } from '../project-file/inputs.ts';
import type { Runbook } from '../project-file/schema.ts';
import { answerFromText } from '../task/answer-text.ts';
import type { PlaceChoice, Wanted } from './ask.ts';
import { giveInputs } from './give-inputs.ts';
import { readHints } from './hints.ts';
import { wordsOf } from './phrases.ts';

/** Which choice words stand for: its label, its number, or the beginning of one alone; "in shop" is "shop". */
export function readPlace(choices: readonly PlaceChoice[], text: string): PlaceChoice | undefined {
  const options = choices.map(({ label }, index) => ({ value: String(index), label }));
  const answer = answerFromText({ options }, text.trim().replace(/^(?:in|on)\s+/i, ''));
  return answer === undefined ? undefined : choices[Number(answer)];
}

/**
 * The inputs that words give for those that are wanted: `name=value`, the whole text where one alone is wanted, else by kind and
 * pattern. Only what fits counts; `undefined` when nothing does.
 */
export function readInputs(
  runbook: Pick<Runbook, 'inputs'>,
  { problems }: Wanted & { readonly kind: 'inputs' },
  text: string,
): Readonly<Record<string, string>> | undefined {
  const wanted = Object.entries(runbook.inputs).filter(([name]) => Object.hasOwn(problems, name));
  const [only, ...others] = wanted;
  if (only !== undefined && others.length === 0) {
    const [name, input] = only;
    const value = [text.trim(), bare(text)].find((each) => each !== '' && fits(input, each));
    if (value !== undefined && !namesInput(name, text)) return { [name]: value };
  }
  const hints = readHints(text);
  const { given } = giveInputs({ inputs: Object.fromEntries(wanted) }, wordsOf(hints.rest), hints);
  const fitting = Object.entries(given).filter(([name, value]) => {
    const input = runbook.inputs[name];
    return input !== undefined && value !== '' && fits(input, value);
  });
  return fitting.length === 0 ? undefined : Object.fromEntries(fitting);
}

function namesInput(name: string, text: string): boolean {
  return Object.hasOwn(readHints(text).named, name.toLowerCase());
}

/** Without quotes around it, or a full stop behind it. */
function bare(text: string): string {
  return unquote(text.trim().replace(/[.!]+$/, ''));
}
