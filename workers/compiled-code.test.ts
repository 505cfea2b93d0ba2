import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const loader = JSON.stringify(new URL('./compiled-code.ts', import.meta.url).href);

const thread = `
  import { writeSync } from 'node:fs';
  import { getCompileCacheDir } from 'node:module';
  writeSync(1, String(getCompileCacheDir()));`;

/** Where a program that is imported so has its compiled code, and a thread of it; it is killed at its end. */
async function imported(folder: string): Promise<readonly string[]> {
  const script = `
    import { getCompileCacheDir } from 'node:module';
    import { Worker } from 'node:worker_threads';
    const { importCompiled } = await import(${loader});
    await importCompiled(async () => {
      console.log(getCompileCacheDir());
      const thread = new Worker(${JSON.stringify(thread)}, { eval: true });
      await new Promise((resolve) => thread.on('exit', resolve));
    });
    process.kill(process.pid, 'SIGKILL');`;
  const env = { NODE_COMPILE_CACHE: folder };
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], { env, reject: false });
  return stdout.split('\n');
}

test('What a program and its threads load is left compiled, though it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commander-compiled-'));
  try {
    const [own, ofThread] = await imported(folder);
    expect(own).toContain(folder);
    expect(ofThread).toBe(own);
    expect(await readdir(String(own))).not.toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('Where it can not be kept the program is loaded all the same', async () => {
  expect(await imported('/dev/null/nowhere')).toEqual(['undefined', 'undefined']);
});
