import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

it.runIf(process.platform === 'linux')(
  'gives way in the thread of the runs alone, not in the process that renews their leases',
  async () => {
    const before = getPriority();
    const thread = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
    import(workerData).then(() => parentPort.postMessage(require('node:os').getPriority()));`,
      { eval: true, workerData: new URL('./run-thread.ts', import.meta.url).href },
    );
    const [priority] = await once(thread, 'message');
    await thread.terminate();
    expect(priority).toBe(Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL));
    expect(getPriority()).toBe(before);
  },
);
