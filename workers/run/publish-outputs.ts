import type { StoredFile } from '#core/run/stored-file.ts';
import type { RunReport } from '#core/task/commands.ts';
import { newId } from '#db/id.ts';
import { collectOutputs } from '../outputs/collect-outputs.ts';
import type { Reporter } from './reporter.ts';

/** Files of one step that are said not to be published; how many more there are is said. */
const mostLeftOut = 5;

/** Stores and reports what a step produced. A file that this round published already, unchanged, is not published twice. What of it is not there. */
export async function publishOutputs(
  reporter: Reporter,
  home: string,
  places: Parameters<typeof collectOutputs>[1],
): Promise<Pick<RunReport & { type: 'step-finished' }, 'missing' | 'leftOut'>> {
  const { found, leftOut, missing } = await collectOutputs(home, places);
  for (const output of found) await publish(reporter, output);
  const more = leftOut.length > mostLeftOut ? [`and ${leftOut.length - mostLeftOut} more`] : [];
  const said = [...leftOut.slice(0, mostLeftOut), ...more];
  for (const words of said) reporter.tell('Not published', words);
  return { ...(missing.length === 0 ? {} : { missing }), ...(said.length === 0 ? {} : { leftOut: said }) };
}

async function publish(reporter: Reporter, output: StoredFile): Promise<void> {
  const { outputs, round } = reporter.task;
  const earlier = outputs.filter((each) => each.name === output.name);
  const newest = earlier.at(-1);
  if (newest?.sha256 === output.sha256 && newest.round === round) return;
  await reporter.report({ type: 'output', output: { id: newId(), version: earlier.length + 1, ...output } });
}
