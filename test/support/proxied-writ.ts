import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type Rule, startClusterProxy } from './cluster-proxy.ts';
import { DESCRIBE, started } from './hooks.ts';
import { startTestCluster } from './test-cluster.ts';
import { startWritOn, type WritOptions } from './writ.ts';

/** As startWrit, with a proxy between Writ and the cluster. Its rule holds for one test. */
export function startProxiedWrit(
  options: { sandbox?: SandboxOptions } & Pick<
    WritOptions,
    'environment' | 'authentication' | 'subscriptions' | 'console'
  > = {},
  hooks = DESCRIBE,
) {
  const sandbox = startTestCluster(options.sandbox, hooks);
  const proxy = started(
    hooks,
    () => startClusterProxy(sandbox),
    // A test may have closed it.
    ({ close }) => close().catch(() => {}),
  );
  hooks.afterEach(() => proxy().clear());
  const writ = startWritOn(
    sandbox,
    {
      environment: { WRIT_LOG_LEVEL: 'silent', ...options.environment },
      endpoints: () => ({ endpoint: proxy().endpoint, backendEndpoint: proxy().endpoint }),
      ...(options.console && { console: options.console }),
      // No review outlives its request: each test's own rule is asked.
      ...(options.authentication && { authentication: options.authentication }),
      ...(options.subscriptions && { subscriptions: options.subscriptions }),
      reviews: { allowMs: 0, denyMs: 0, maxBytes: 10_000 },
    },
    hooks,
  );
  return Object.assign(writ, {
    proxy: {
      get endpoint() {
        return proxy().endpoint;
      },
      get seen() {
        return proxy().seen;
      },
      connections: () => proxy().connections(),
      set: (rule: Rule) => proxy().set(rule),
      cut: () => proxy().cut(),
      close: () => proxy().close(),
    },
  });
}
