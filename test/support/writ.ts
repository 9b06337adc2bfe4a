import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { REVIEW_CACHE_DEFAULTS, type ReviewCacheOptions } from '../../src/authorization/review-cache.ts';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { createApi } from '../../src/commands/serve.ts';
import { loadTracing } from '../../src/commands/tracing.ts';
import { readConfig } from '../../src/config/config.ts';
import type { ConsoleOptions } from '../../src/http/console/page-config.ts';
import type { PlaygroundOptions } from '../../src/http/playground/page.ts';
import type { ClusterConfig } from '../../src/kubernetes/connection/kubeconfig.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { openEventStream } from './event-stream.ts';
import { DESCRIBE, started } from './hooks.ts';
import { isRealCluster, startTestCluster, type TestCluster, type Who } from './test-cluster.ts';

/** What GraphQL over HTTP answered. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  data: any;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[];
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  extensions?: Record<string, any>;
}

/** The code of the answer's first error; undefined if it has none. */
export function codeOf({ errors }: Pick<Answer, 'errors'>): string | undefined {
  return errors?.[0]?.extensions.code;
}

export interface WritOptions {
  /** Settings as the environment has them. */
  environment?: Record<string, string>;
  playground?: PlaygroundOptions | false;
  /** Asked when Writ starts. Absent: there is no console. */
  console?: (cluster: TestCluster) => ConsoleOptions;
  reviews?: Partial<ReviewCacheOptions>;
  authentication?: Parameters<typeof createApi>[0]['authentication'];
  /** Contexts of kubectl, by username. */
  kubectlContexts?: () => ReadonlyMap<string, string>;
  /** How subscriptions are batched and reviewed, and their watches retried. */
  subscriptions?: Parameters<typeof createApi>[0]['subscriptions'];
  credentialCheck?: { everyMs: number; confirmMs: number };
  /** Asked when Writ starts: how it reaches the cluster, if not directly, and as whom, if not as the backend. */
  endpoints?: () => Pick<ClusterConfig, 'endpoint' | 'backendEndpoint'> & Partial<ClusterConfig>;
}

/** Writ on a cluster of its own, through real HTTP and TLS, for the tests of a describe. */
export function startWrit(
  { sandbox = {}, ...options }: WritOptions & { sandbox?: SandboxOptions } = {},
  hooks = DESCRIBE,
) {
  return startWritOn(startTestCluster(sandbox, hooks), options, hooks);
}

/** Writ on a cluster that the tests have already. */
export function startWritOn(sandbox: TestCluster, options: WritOptions = {}, hooks = DESCRIBE) {
  const log = captureLog();
  const { authentication = options.reviews?.allowMs === 0 ? { subjectMs: 0, rejectedMs: 0 } : {} } = options;
  const config = readConfig({
    WRIT_PORT: '0',
    WRIT_ADMIN_PORT: '0',
    WRIT_SHUTDOWN_GRACE_MS: '1000',
    WRIT_SHUTDOWN_DRAIN_MS: '0',
    WRIT_LOG_LEVEL: 'debug',
    // On a busy machine no call that the cluster answers may be too late.
    WRIT_CALL_TIMEOUT_MS: '60000',
    WRIT_REQUEST_TIMEOUT_MS: '100000',
    // Tests change the cluster past Writ, and expect to see it at once.
    WRIT_MIRROR_BYTES: '0',
    ...options.environment,
  });
  const directly = () => {
    const endpoint = { server: sandbox.server, ca: sandbox.ca };
    return { endpoint, backendEndpoint: endpoint };
  };
  const memory = new MemoryBudget(config.limits.memoryBytes);
  const api = started(
    hooks,
    async () => {
      const { endpoints = directly } = options;
      const logger = createLogger({ level: config.logLevel, destination: log.stream });
      const created = createApi({
        config,
        cluster: {
          backendCredential: async () => `Bearer ${sandbox.identities.backend.token}`,
          ...endpoints(),
        },
        logger,
        ...(await loadTracing(config, { serviceName: 'writ', server: sandbox.server, logger })),
        playground: options.playground ?? false,
        console: options.console?.(sandbox) ?? false,
        rereadMs: 20,
        // At the start alone: a test sees the calls of its own operations.
        credentialCheck: { everyMs: 3_600_000, confirmMs: 20, ...options.credentialCheck },
        reviews: { ...REVIEW_CACHE_DEFAULTS, ...options.reviews },
        authentication,
        ...(options.subscriptions && { subscriptions: options.subscriptions }),
        ...(options.kubectlContexts && { kubectlContexts: options.kubectlContexts() }),
        memory,
      });
      return { ...(await created.start()), ...created };
    },
    ({ close }) => close(),
  );

  /** Sends an operation with exactly these headers. */
  async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(api().url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    return { status, headers: answered, text, ...(text.startsWith('{') ? JSON.parse(text) : {}) };
  }

  /** A subscription over SSE. */
  function subscribe(who: Who, query: string, variables?: object, headers: Record<string, string> = {}) {
    const authorization = `Bearer ${sandbox.identities[who].token}`;
    return openEventStream(api().url, { query, variables }, { authorization, ...headers });
  }

  /** Runs an operation as one of the sandbox's people. Of a subscription it is the first result, if there is one. */
  async function as(
    who: Who,
    query: string,
    variables?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    if (!/^\s*subscription\b/.test(query)) {
      const authorization = `Bearer ${sandbox.identities[who].token}`;
      return post({ query, variables }, { authorization, ...headers });
    }
    const before = sandbox.requests.length;
    const stream = await subscribe(who, query, variables, headers);
    const result = await stream.next().catch(() => undefined);
    // Its watch begins after the snapshot was sent, and would be taken for a call of what the test does next.
    const watches = () => sandbox.requests.slice(before).some(({ verb }) => verb === 'watch');
    for (let n = 0; n < 100 && result?.data && !isRealCluster() && !watches(); n += 1) await delay(5);
    stream.close();
    for (let n = 0; n < 100 && memory.reserved > 0; n += 1) await delay(5);
    return { data: undefined, ...result, ...stream.response, text: JSON.stringify(result) } as Answer;
  }

  return {
    get url() {
      return api().url;
    },
    get adminUrl() {
      return api().adminUrl;
    },
    sandbox,
    log,
    /** What requests in progress hold. */
    memory,
    post,
    as,
    subscribe,
    /** The cluster's own API, past Writ, as one of the sandbox's people. */
    kubernetes: sandbox.as,
    /** The requests that the cluster got while `act` ran. */
    async requestsDuring<T>(act: () => Promise<T>) {
      const before = sandbox.requests.length;
      const result = await act();
      return { result, requests: sandbox.requests.slice(before) };
    },
  };
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
