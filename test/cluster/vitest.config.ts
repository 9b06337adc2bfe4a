import { defineConfig } from 'vitest/config';

const globalSetup = ['test/support/require-node.ts', 'test/cluster/global-setup.ts'];
const shared = {
  // Tests run as Writ does: by Node's own module loader and type stripping.
  experimental: { viteModuleRunner: false },
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // A project's files share its control plane.
    fileParallelism: false,
    projects: [
      {
        // What Kubernetes itself does: Jobs run, and Writ's policies are not there.
        test: {
          ...shared,
          name: 'kubernetes',
          include: ['test/cluster/**/*.cluster.test.ts', 'test/contract/**/*.test.ts'],
          globalSetup,
        },
      },
      {
        // Writ as deploy/ installs it. No controller touches the Jobs and pods that tests make.
        test: {
          ...shared,
          name: 'writ',
          include: ['test/proof/**/*.test.ts', 'test/{guard,attack,graphql,kubernetes}/**/*.test.ts'],
          globalSetup,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
