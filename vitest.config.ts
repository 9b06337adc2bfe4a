import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** They need a browser, or start processes: `npm run test:e2e`. */
export const END_TO_END = [
  'test/{browser,commands,console}/*.test.ts',
  'test/sandbox/{kubectl,printed-commands}.test.ts',
];

// For the test processes, and for those that they start.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/writ-tests');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.{cluster,prometheus}.test.ts', ...END_TO_END],
    globalSetup: ['test/support/require-node.ts', 'test/support/built-console.ts'],
    // Tests run as Writ does: by Node's own module loader and type stripping.
    experimental: { viteModuleRunner: false },
    // Loading the program anew for each file would take longer than all tests together.
    isolate: false,
    // Many of them wait for a cluster or a browser: two cores can carry four.
    maxWorkers: 4,
    // Limits that only a defect reaches, however busy the machine is.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
