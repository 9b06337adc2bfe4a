import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.cluster.test.ts'],
    globalSetup: ['test/support/require-node.ts', 'test/cluster/global-setup.ts'],
    experimental: { viteModuleRunner: false },
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
