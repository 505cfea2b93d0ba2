import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Paths of the files that take longest, whatever their size: real agents, whole processes, then what stands on one platform. */
const slow: readonly string[] = [
  '/tests/agents/',
  '/tests/whole/',
  '/workers/start-worker',
  '/tests/scenarios/',
  '/tests/browser/',
];

/**
 * Begins with the files that take longest, so that at the end no worker is busy alone with one of them. Vitest goes by how long
 * they took the last time, which a fresh clone doesn't know; then it takes the larger file for the slower one.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = slow.findIndex((path) => moduleId.includes(path));
  return index === -1 ? slow.length : index;
}
