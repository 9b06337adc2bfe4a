import { PassThrough } from 'node:stream';
import { afterAll } from 'vitest';
import { REVIEW_CACHE_DEFAULTS, type ReviewCacheOptions } from '../../src/authorization/review-cache.ts';
import { createApi } from '../../src/commands/serve.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import type { PlaygroundOptions } from '../../src/http/plugins/use-playground.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { kubernetesAs } from './kubernetes.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

export type Who = keyof TestCluster['identities'];

/** What GraphQL over HTTP answered. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  data: any;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[];
  text: string;
}

export interface WritOptions {
  /** Settings as the environment has them. */
  environment?: Record<string, string>;
  sandbox?: SandboxOptions;
  playground?: PlaygroundOptions | false;
  reviews?: Partial<ReviewCacheOptions>;
}

export type RunningWrit = Awaited<ReturnType<typeof startWrit>>;

/** The settings of a Writ for tests, as the environment has them. */
export function testConfig(environment: Record<string, string> = {}): Config {
  const free = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SHUTDOWN_GRACE_MS: '1000' };
  return readConfig({ ...free, ...environment });
}

/** Writ on a sandbox of its own, through real HTTP and TLS; both end with the test file. */
export async function startWrit(options: WritOptions = {}) {
  const sandbox = await startTestCluster(options.sandbox);
  const log = captureLog();
  const config = testConfig({ WRIT_LOG_LEVEL: 'debug', ...options.environment });
  const endpoint = { server: sandbox.server, ca: sandbox.ca };
  const api = createApi({
    config,
    cluster: {
      endpoint,
      backendEndpoint: endpoint,
      backendCredential: async () => `Bearer ${sandbox.identities.backend.token}`,
    },
    logger: createLogger({ level: config.logLevel, destination: log.stream }),
    playground: options.playground ?? false,
    reviews: { ...REVIEW_CACHE_DEFAULTS, ...options.reviews },
  });
  const { url, adminUrl } = await api.start();

  const stop = async () => {
    await api.close();
    await sandbox.close();
  };
  afterAll(stop);

  /** Sends an operation with exactly these headers. */
  async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return readAnswer(response);
  }

  /** Runs an operation as one of the sandbox's people. */
  function as(who: Who, query: string, variables?: Record<string, unknown>): Promise<Answer> {
    return post({ query, variables }, { authorization: `Bearer ${sandbox.identities[who].token}` });
  }

  return {
    url,
    adminUrl,
    sandbox,
    api,
    log,
    post,
    as,
    stop,
    /** The cluster's own API, past Writ, as one of the sandbox's people. */
    kubernetes: (who: Who) => kubernetesAs(sandbox, who),
    /** The requests that the cluster got while `act` ran. */
    async requestsDuring<T>(act: () => Promise<T>) {
      const before = sandbox.requests.length;
      const result = await act();
      return { result, requests: sandbox.requests.slice(before) };
    },
  };
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  const body = text.startsWith('{') ? JSON.parse(text) : {};
  return { status, headers, text, ...body };
}

function captureLog() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return {
    stream,
    text: () => chunks.join(''),
    lines: () =>
      chunks
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
