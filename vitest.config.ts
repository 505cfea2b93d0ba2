import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './tests/slowest-first.ts';

const { VITEST_REPORT } = process.env;

// Threads and processes that tests start load what others compiled (workers/compiled-code.ts), and so do those of Vitest. A thread
// that finds nothing there strips types in WebAssembly, and V8 (13.6) has died of threads that do so at once.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/commander', import.meta.url));

// Real databases, processes and browsers start slowly on a busy machine; no assertion depends on this time.
const patience = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 50_000 } } };

// Of these each file has a process of its own: a module of another file would stand in their way.
const alone = [
  'tests/{agents,discord-server,scenarios}/**/*.test.ts',
  'workers/{start-worker,runtimes/agent/no-sandbox}.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['tests/global-setup.ts'],
    // CI reads the counts from a file.
    reporters: VITEST_REPORT === undefined ? ['default'] : ['default', ['json', { outputFile: VITEST_REPORT }]],
    pool: 'forks',
    maxWorkers: 3,
    // Tests of a file run beside each other where they wait (for faults, paces, times that are out), and need hardly any processor.
    maxConcurrency: 16,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: 'shared',
          include: ['{core,db,workers,adapters,bot,tests,bench}/**/*.test.ts'],
          exclude: alone,
          // A process and its modules for each file would take a tenth of the processor time, of small ones a half.
          isolate: false,
          ...patience,
        },
      },
      { test: { name: 'alone', include: alone, ...patience } },
    ],
  },
});
