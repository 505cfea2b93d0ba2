import { fits } from '#core/project-file/inputs.ts';
import type { Runbook } from '#core/project-file/schema.ts';

/** The values of a runbook's inputs among the words of a request: by name, by kind and pattern, the rest to the first free text. */
export function giveInputs(
  runbook: Pick<Runbook, 'inputs'>,
  rest: readonly string[],
  hints: { readonly named: Readonly<Record<string, string>>; readonly format?: string },
): { readonly given: Readonly<Record<string, string>>; readonly left: readonly string[] } {
  const given: Record<string, string> = {};
  const free = [...rest];
  for (const [name, input] of Object.entries(runbook.inputs)) {
    const named = hints.named[name.toLowerCase()];
    if (named !== undefined) given[name] = named;
    else if (input.type === 'enum' && hints.format !== undefined && input.options?.includes(hints.format))
      given[name] = hints.format;
    else {
      const plain =
        input.type === 'enum' || input.pattern !== undefined || input.type === 'number' || input.type === 'path';
      const at = plain ? free.findIndex((word) => fits(input, word)) : -1;
      if (at >= 0) given[name] = free.splice(at, 1)[0] ?? '';
      else if (
        input.type === 'string' &&
        input.pattern === undefined &&
        input.default === undefined &&
        free.length > 0
      ) {
        given[name] = free.splice(0).join(' ');
      }
    }
  }
  return { given, left: free };
}
