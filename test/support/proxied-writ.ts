import { afterAll, afterEach } from 'vitest';
import { createApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { startClusterProxy } from './cluster-proxy.ts';
import { kubernetesAs } from './kubernetes.ts';
import { startTestCluster } from './test-cluster.ts';
import { type Answer, readAnswer, type Who } from './writ.ts';

/** As startWrit, with a proxy between Writ and the sandbox. Its rule holds for one test. */
export async function startProxiedWrit(
  options: { config?: Partial<Config>; sandbox?: SandboxOptions; environment?: Record<string, string> } = {},
) {
  const sandbox = await startTestCluster(options.sandbox);
  const proxy = await startClusterProxy(sandbox);
  const settings = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_LOG_LEVEL: 'silent', ...options.environment };
  const config: Config = { ...readConfig(settings), shutdownGraceMs: 1_000, ...options.config };
  const app = createApp({
    config,
    cluster: {
      endpoint: proxy.endpoint,
      backendEndpoint: proxy.endpoint,
      backendCredential: async () => `Bearer ${sandbox.identities.backend.token}`,
    },
    logger: createLogger({ level: config.logLevel }),
    playground: false,
    // No review outlives its request: each test's own rule is asked.
    reviews: { allowMs: 0, denyMs: 0, maxTokens: 10, maxReviewsPerToken: 10 },
  });
  const { url } = await app.start();
  afterEach(() => proxy.clear());
  afterAll(async () => {
    await app.close();
    await proxy.close().catch(() => {});
    await sandbox.close();
  });

  async function as(who: Who, query: string, variables?: Record<string, unknown>): Promise<Answer> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${sandbox.identities[who].token}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    return readAnswer(response);
  }

  return { sandbox, proxy, as, kubernetes: (who: Who) => kubernetesAs(sandbox, who) };
}
