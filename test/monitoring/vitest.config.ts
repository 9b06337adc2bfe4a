import { defineConfig } from 'vitest/config';

/** What is checked with Prometheus' own programs. */
export default defineConfig({
  test: {
    include: ['test/monitoring/**/*.prometheus.test.ts'],
    globalSetup: ['test/support/require-node.ts', 'test/monitoring/global-setup.ts'],
    // Tests run as Writ does: by Node's own module loader and type stripping.
    experimental: { viteModuleRunner: false },
    isolate: false,
    fileParallelism: false,
    // Limits that only a defect reaches, however busy the machine is.
    testTimeout: 600_000,
    hookTimeout: 180_000,
  },
});
