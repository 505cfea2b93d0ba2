import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,db,workers,adapters,bot,tests}/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    // Real databases, processes and browsers start slowly on a busy machine; no assertion depends on this time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
