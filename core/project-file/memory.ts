import type { Understanding } from '../task/understanding.ts';
import { bytesOf } from './fields.ts';
import type { ProjectFile } from './schema.ts';

/** What a project says of the memory of its tasks, as a task keeps it. */
export function memorySaid({ limits: { memory } }: Pick<ProjectFile, 'limits'>): Pick<Understanding, 'memoryBytes'> {
  return memory === undefined ? {} : { memoryBytes: bytesOf(memory) };
}

/** Bytes that all processes of a step, an agent or a check may hold together: a project can only make it less. Absent: no limit. */
export function memoryLimit(
  installation: number | undefined,
  { memoryBytes: project }: Pick<Understanding, 'memoryBytes'>,
): number | undefined {
  const said = [installation, project].filter((each) => each !== undefined);
  return said.length === 0 ? undefined : Math.min(...said);
}
