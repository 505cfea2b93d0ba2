import { z } from 'zod';
import { diffsOf, type KnownCall } from './tool-calls.ts';

/** Where the input of a call has the whole of a file, and where it has a patch of it: opencode's edits are told so. */
const inputs = z.object({ content: z.string().optional(), diff: z.string().optional() });

/** Whether `after` is what the edit of a call makes of the file that it is about, which holds `before`: nothing less and nothing more. */
export function isSameEdit(call: KnownCall, before: string, after: string): boolean {
  const diffs = diffsOf(call);
  if (diffs.length > 0) return diffs.reduce<string | undefined>(withDiff, before) === after;
  const { content, diff } = inputs.safeParse(call.rawInput).data ?? {};
  if (content !== undefined) return content === after;
  return diff !== undefined && withoutEnd(withPatch(diff, before)) === withoutEnd(after);
}

interface Diff {
  readonly oldText?: string | null | undefined;
  readonly newText: string;
}

/**
 * The texts of a diff are those of the whole file, or of a place in it. Without an old text it was shown as a new file: `undefined` where
 * there is something already.
 */
function withDiff(text: string | undefined, { oldText, newText }: Diff): string | undefined {
  if (oldText !== undefined && oldText !== null && oldText !== '') return text?.replace(oldText, () => newText);
  return text === '' ? newText : undefined;
}

/** A unified patch, applied where it says and nowhere else; `undefined` when it does not fit. */
function withPatch(patch: string, before: string): string | undefined {
  const old = before.split('\n');
  const made: string[] = [];
  let at = 0;
  for (const hunk of patch.split(/^@@ /m).slice(1)) {
    const [head = '', ...lines] = hunk.replace(/\n$/, '').split('\n');
    const [, line, count] = /^-(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@/.exec(head) ?? [];
    const start = Number(line) - (count === '0' ? 0 : 1);
    if (!(start >= at && start <= old.length)) return undefined;
    made.push(...old.slice(at, start));
    at = start;
    for (const each of lines) {
      const text = each.slice(1);
      if (/^[ -]/.test(each) && old[at++] !== text) return undefined;
      if (/^[ +]/.test(each)) made.push(text);
    }
  }
  return [...made, ...old.slice(at)].join('\n');
}

/** Patches tell of the end of the last line in a line of their own, or not at all. */
function withoutEnd(text: string | undefined): string | undefined {
  return text?.replace(/\n$/, '');
}
