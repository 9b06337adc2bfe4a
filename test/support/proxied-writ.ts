import { afterAll, afterEach } from 'vitest';
import { createApi } from '../../src/commands/serve.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { startClusterProxy } from './cluster-proxy.ts';
import { kubernetesAs } from './kubernetes.ts';
import { startTestCluster } from './test-cluster.ts';
import { type Answer, readAnswer, testConfig, type Who } from './writ.ts';

/** As startWrit, with a proxy between Writ and the sandbox. Its rule holds for one test. */
export async function startProxiedWrit(
  options: { sandbox?: SandboxOptions; environment?: Record<string, string> } = {},
) {
  const sandbox = await startTestCluster(options.sandbox);
  const proxy = await startClusterProxy(sandbox);
  const config = testConfig({ WRIT_LOG_LEVEL: 'silent', ...options.environment });
  const api = createApi({
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
  const { url } = await api.start();
  afterEach(() => proxy.clear());
  afterAll(async () => {
    await api.close();
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
