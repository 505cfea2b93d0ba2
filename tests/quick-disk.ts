import { readFile, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';

/** Bytes that must be free: many times what the databases of a test run take. Containers often have 64 MB there. */
const room = 4 * 1024 ** 3;

/**
 * Where a database that is thrown away is written with half the processor time: memory, where there is plenty of it and
 * programs may be run from it; elsewhere the system's place for temporary files.
 */
export async function quickDisk(): Promise<string> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  const options = mounts
    .split('\n')
    .find((line) => line.split(' ')[1] === memory)
    ?.split(' ')[3];
  if (options === undefined || options.split(',').includes('noexec')) return tmpdir();
  const { bavail, bsize } = await statfs(memory);
  return bavail * bsize < room ? tmpdir() : memory;
}
