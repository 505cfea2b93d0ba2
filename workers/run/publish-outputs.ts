import type { StoredFile } from '#core/run/stored-file.ts';
import { newId } from '#db/id.ts';
import { collectOutputs } from '../outputs/collect-outputs.ts';
import type { Reporter } from './reporter.ts';

/** Stores and reports what a step produced. A file that this round published already, unchanged, is not published twice. Its declared globs that nothing matches. */
export async function publishOutputs(
  reporter: Reporter,
  home: string,
  places: Parameters<typeof collectOutputs>[1],
): Promise<readonly string[]> {
  const { found, leftOut, missing } = await collectOutputs(home, places);
  for (const output of found) await publish(reporter, output);
  for (const words of leftOut) reporter.tell('Not published', words);
  return missing;
}

async function publish(reporter: Reporter, output: StoredFile): Promise<void> {
  const { outputs, round } = reporter.task;
  const earlier = outputs.filter((each) => each.name === output.name);
  const newest = earlier.at(-1);
  if (newest?.sha256 === output.sha256 && newest.round === round) return;
  await reporter.report({ type: 'output', output: { id: newId(), version: earlier.length + 1, ...output } });
}
