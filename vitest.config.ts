import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'server/**/*.test.ts', 'web/src/**/*.test.ts', 'web/e2e/**/*.e2e.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make the databases and browsers wait for each other.
    maxWorkers: 2,
  },
});
