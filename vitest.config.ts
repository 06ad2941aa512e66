import { defineConfig } from 'vitest/config';

/**
 * A test fails on what it finds, not on how fast the machine is: these end only what hangs. Passing they cost
 * nothing, and a machine with four things at once to do is no reason to fail.
 */
const PATIENT = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 120_000 } } };

/**
 * Three kinds of test, told apart by their names: pure ones need nothing, `*.pg.test.ts` get a real
 * PostgreSQL, `*.e2e.ts` also start the product and a browser.
 */
export default defineConfig({
  test: {
    // Two cores, and a journey that waits minutes for its auction to close.
    maxWorkers: 3,
    reporters: ['default', './server/test/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'pure',
          include: ['packages/*/src/**/*.test.ts', 'server/**/*.test.ts', 'web/src/**/*.test.ts'],
          exclude: ['**/*.pg.test.ts', '**/node_modules/**', '**/build/**'],
          ...PATIENT,
        },
      },
      {
        test: {
          name: 'postgres',
          include: ['packages/*/src/**/*.pg.test.ts', 'server/**/*.pg.test.ts'],
          exclude: ['**/node_modules/**', '**/build/**'],
          globalSetup: ['server/test/global-setup.ts'],
          ...PATIENT,
        },
      },
      {
        test: {
          name: 'journey',
          include: ['web/e2e/**/*.e2e.ts', 'server/test/**/*.e2e.ts'],
          globalSetup: ['server/test/global-setup.ts'],
          ...PATIENT,
        },
      },
    ],
  },
});
