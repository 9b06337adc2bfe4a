import { Authenticator, type AuthenticatorOptions } from '../authorization/authenticator.ts';
import { type AuthorizeOptions, createAuthorize } from '../authorization/authorize.ts';
import { createScheduleAuthority } from '../authorization/authorize-owner.ts';
import {
  REVIEW_CACHE_DEFAULTS,
  ReviewCache,
  type ReviewCacheOptions,
} from '../authorization/review-cache.ts';
import { CpuShares } from '../budgets/cpu-shares.ts';
import { FairScheduler } from '../budgets/fair-scheduler.ts';
import { MemoryBudget } from '../budgets/memory-budget.ts';
import type { Config } from '../config/config.ts';
import { Unavailable } from '../errors.ts';
import { schema } from '../graphql/schema.ts';
import { createAdminServer } from '../http/admin-server.ts';
import type { PlaygroundOptions } from '../http/playground/page.ts';
import { PLAYGROUND_OPERATIONS } from '../http/playground-operations.ts';
import { createServer } from '../http/server.ts';
import { SharedKeys } from '../keys/shared-keys.ts';
import type { ClusterConfig } from '../kubernetes/connection/kubeconfig.ts';
import { LIST_WATCH_TIMINGS } from '../kubernetes/list-watch.ts';
import { probeCluster, requireMinimumVersion } from '../kubernetes/probe.ts';
import { Hub, type HubOptions } from '../live/hub.ts';
import { LOG_LIMITS, LOG_TIMINGS } from '../live/log-follower.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { createTransport, loadConfiguredCluster } from './cluster-connections.ts';
import { createContextFactory } from './request-context.ts';
import type { RunningCommand } from './running-command.ts';
import { loadTracing } from './tracing.ts';

interface ApiOptions {
  config: Config;
  cluster: ClusterConfig;
  logger: Logger;
  playground: PlaygroundOptions | false;
  reviews?: ReviewCacheOptions;
  authentication?: Partial<AuthenticationTimings>;
  subscriptions?: Partial<typeof HUB_DEFAULTS>;
  /** Absent: one of the size in the settings. */
  memory?: MemoryBudget;
  /** It ends with the API. */
  tracing?: Tracing;
  /** How often the file of the shared key is read, in ms. */
  rereadKeyMs?: number;
}

type AuthenticationTimings = Pick<AuthenticatorOptions, 'subjectMs' | 'rejectedMs'>;

const AUTHENTICATOR_DEFAULTS: AuthenticationTimings = { subjectMs: 10_000, rejectedMs: 5_000 };

const HUB_DEFAULTS: Pick<HubOptions, 'batches' | 'timings' | 'access' | 'logs'> = {
  batches: { size: 200, waitMs: 50, queueBytes: 4 * 1024 * 1024 },
  timings: LIST_WATCH_TIMINGS,
  access: { everyMs: 8_000, confirmMs: 2_000, patienceMs: 60_000 },
  logs: { limits: LOG_LIMITS, timings: LOG_TIMINGS },
};

interface Api extends RunningCommand {
  /** Reads the shared key and Writ's own credentials, checks the cluster's version, then listens. */
  start(): Promise<{ url: string; adminUrl: string }>;
  /** Waits for running requests, at most `config.api.shutdownGraceMs`. */
  close(): Promise<void>;
}

/** `writ serve`: the GraphQL API for a cluster. */
export async function serve(config: Config, kubeconfig: string | undefined): Promise<RunningCommand> {
  const cluster = loadConfiguredCluster(config, kubeconfig);
  const logger = createLogger({ level: config.logLevel });
  const playground = config.api.playground && { operations: PLAYGROUND_OPERATIONS };
  const { server } = cluster.endpoint;
  const traced = await loadTracing(config, { serviceName: 'writ', server, logger });
  const api = createApi({ config, cluster, logger, playground, ...traced });
  const { url, adminUrl } = await api.start();
  logger.info({ url, adminUrl, cluster: cluster.endpoint.server }, 'API started');
  return api;
}

/** The API for one cluster, with the users' and the backend's connection pools and its servers. */
export function createApi(options: ApiOptions): Api {
  const { config, cluster, logger, playground, reviews = REVIEW_CACHE_DEFAULTS, authentication } = options;
  const { rereadKeyMs = 5_000 } = options;
  const { api, limits } = config;
  const { memory = new MemoryBudget(limits.memoryBytes) } = options;
  const cpu = new CpuShares();
  const schedulers = createSchedulers(config);
  // Two pools: calls with a user's token never share a connection with the backend's client certificate.
  const users = createTransport(cluster.endpoint, config.cluster, schedulers.users);
  const backend = createTransport(cluster.backendEndpoint, config.cluster, schedulers.backend);
  const authenticator = new Authenticator({
    transport: users,
    schedulers,
    ...AUTHENTICATOR_DEFAULTS,
    ...authentication,
    timeoutMs: config.cluster.callTimeoutMs,
  });
  const streams = createTransport(cluster.endpoint, {
    ...config.cluster,
    connections: limits.subscriptions.watches,
  });
  const hub = new Hub({
    transport: users,
    streams,
    memory,
    cpu,
    request: limits.request,
    callTimeoutMs: config.cluster.callTimeoutMs,
    limits: limits.subscriptions,
    ...HUB_DEFAULTS,
    ...options.subscriptions,
  });
  const keys = new SharedKeys({ file: api.keyFile, rereadMs: rereadKeyMs, logger });
  const auditLog = logger.child({ audit: true });
  const authorization: AuthorizeOptions = {
    transport: backend,
    credential: cluster.backendCredential,
    audit: (record) => auditLog.info(record, 'privileged act'),
  };
  const authorize = createAuthorize(authorization);
  const { scheduleOwnerMaxAgeDays: ownerMaxAgeDays } = config.cluster;
  const schedules = createScheduleAuthority({ ...authorization, ownerMaxAgeDays });
  const identity = createContextFactory({
    config,
    transport: users,
    authenticator,
    reviews: new ReviewCache(reviews),
    authorize,
    schedules,
    memory,
    cpu,
    keys,
    requests: schedulers.requests,
    hub,
  });
  const server = createServer({
    ...api,
    schema,
    logger,
    identity,
    limits: { complexity: limits.complexity },
    memory,
    cpu,
    responses: limits.response,
    webSockets: limits.webSockets,
    requestTimeoutMs: limits.requestTimeoutMs,
    drainMs: api.shutdownDrainMs,
    csrf: api.tokenHeader !== 'authorization',
    playground,
    ...(options.tracing && { tracing: options.tracing }),
  });
  let isClosing = false;
  const ready = async () => {
    if (isClosing) throw new Unavailable('Writ is shutting down');
    await cluster.backendCredential();
    await probeCluster(users);
  };
  const admin = createAdminServer({ ...config.admin, ready, logger });

  return {
    async start() {
      await keys.start();
      await cluster.backendCredential();
      await requireMinimumVersion(users);
      const [{ url }, { url: adminUrl }] = await Promise.all([server.listen(), admin.listen()]);
      return { url, adminUrl };
    },
    async close() {
      isClosing = true;
      await server.close(api.shutdownGraceMs);
      keys.close();
      await Promise.all([admin.close(), users.destroy(), backend.destroy(), streams.destroy()]);
      await options.tracing?.close();
    },
  };
}

/** Users take turns on their own pool and on the backend's; clients whose tokens are not known yet have a few turns. */
function createSchedulers({ cluster, limits }: Config) {
  const { unknownConcurrentCalls, user } = limits;
  const { connections } = cluster;
  return {
    users: new FairScheduler({ ...user, concurrency: Math.max(1, connections - unknownConcurrentCalls) }),
    backend: new FairScheduler({ ...user, concurrency: connections }),
    requests: new FairScheduler({
      ...user,
      concurrency: Number.POSITIVE_INFINITY,
      concurrencyPerUser: limits.concurrentRequestsPerUser,
    }),
    unknown: new FairScheduler({ ...user, concurrency: Math.min(unknownConcurrentCalls, connections) }),
  };
}
