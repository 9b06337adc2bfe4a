import { defineConfig } from 'vitest/config';

const globalSetup = ['test/support/require-node.ts', 'test/cluster/global-setup.ts'];
/** They start a control plane of their own, in which runs run and Writ's policies are in force. */
const WHOLE_LIFE = ['test/controller/whole-life.test.ts', 'test/console/newcomer.test.ts'];
/** That the optional admission plugins are on. */
const OPTIONAL_PLUGINS = 'test/proof/optional-plugins.cluster.test.ts';
const shared = {
  // Tests run as Writ does: by Node's own module loader and type stripping.
  experimental: { viteModuleRunner: false },
  isolate: false,
  // Limits that only a defect reaches, however busy the machine is.
  testTimeout: 180_000,
  hookTimeout: 180_000,
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
          include: ['test/cluster/**/*.cluster.test.ts', 'test/contract/**/*.test.ts', ...WHOLE_LIFE],
          globalSetup: [...globalSetup, 'test/support/built-console.ts'],
        },
      },
      {
        // Writ as deploy/ installs it. No controller touches the Jobs and pods that tests make.
        test: {
          ...shared,
          name: 'writ',
          include: [
            'test/proof/**/*.test.ts',
            'test/{guard,attack,graphql,kubernetes,controller,live,mirror,apollo}/**/*.test.ts',
            'test/console/{keyboard,reconnect,sessions,session,create-session,administration,activity}.test.ts',
          ],
          exclude: [...WHOLE_LIFE, OPTIONAL_PLUGINS],
          globalSetup: [...globalSetup, 'test/support/built-console.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The security tests again, with admission plugins that are off by default.
        test: {
          ...shared,
          name: 'writ-optional-plugins',
          include: [
            'test/proof/policies/**/*.test.ts',
            'test/proof/controller.cluster.test.ts',
            OPTIONAL_PLUGINS,
            'test/attack/**/*.test.ts',
          ],
          globalSetup,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // The charts and examples, each file on a control plane of its own.
        test: {
          ...shared,
          name: 'deploy',
          include: ['test/deploy/**/*.cluster.test.ts'],
          globalSetup: ['test/support/require-node.ts', 'test/deploy/global-setup.ts'],
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
