import type { FileProblem } from '#core/file-problems/problems.ts';
import { plainText } from '#core/text/sanitise.ts';
import { parseYaml } from './parse-yaml.ts';
import type { SourceMap } from './source-map.ts';

/** A file with more is wrong throughout; a message has room for these. */
const problemLimit = 20;

/**
 * Reads a YAML file whose content `check` judges. Hostile files are refused: size, depth and aliases are limited, tags mean nothing.
 * Problems come with their line and what to write instead, in the order of the file; without the file's name and a full stop.
 */
export function readChecked<Good extends { readonly ok: true }>(
  text: string,
  check: (content: unknown) => Good | { readonly ok: false; readonly problems: readonly FileProblem[] },
): Good | { readonly ok: false; readonly problems: readonly string[] } {
  const parsed = parseYaml(text);
  if (!parsed.ok) return { ok: false, problems: limited(parsed.problems.map(({ line, says }) => placed(line, says))) };
  const checked = check(parsed.value ?? {});
  if (checked.ok) return checked;
  const problems = checked.problems
    .map((problem) => ({ problem, line: parsed.source.lineOf(problem.path, problem.at) }))
    .sort((a, b) => a.line - b.line)
    .map(({ problem, line }) => placed(line, worded(problem, parsed.source)));
  return { ok: false, problems: limited(problems) };
}

function placed(line: number, says: string): string {
  return `line ${line}: ${says}`;
}

function limited(problems: readonly string[]): readonly string[] {
  const distinct = [...new Set(problems)];
  return distinct.length <= problemLimit ? distinct : [...distinct.slice(0, problemLimit), 'and more'];
}

function worded({ path, at, says, example }: FileProblem, source: SourceMap): string {
  const wrote = at === 'value' ? source.textOf(path) : undefined;
  const said = wrote === undefined ? says : `${says}; you wrote ${wrote}`;
  const clean = plainText(said, { singleLine: true, maxLength: 600 });
  return example === undefined ? clean : `${clean}. Write for example \`${example}\``;
}
