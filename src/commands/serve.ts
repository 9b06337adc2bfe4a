import { Authenticator, type AuthenticatorOptions } from '../authorization/authenticator.ts';
import { type AuthorizeOptions, createAuthorize } from '../authorization/authorize.ts';
import { createScheduleAuthority } from '../authorization/authorize-owner.ts';
import {
  REVIEW_CACHE_DEFAULTS,
  ReviewCache,
  type ReviewCacheOptions,
} from '../authorization/review-cache.ts';
import { CpuShares } from '../budgets/cpu-shares.ts';
import { FairScheduler, type SchedulerLimits } from '../budgets/fair-scheduler.ts';
import { MemoryBudget } from '../budgets/memory-budget.ts';
import type { Config } from '../config/config.ts';
import { ReloadedRunners } from '../config/reloaded-runners.ts';
import { Unavailable } from '../errors.ts';
import { schema } from '../graphql/schema.ts';
import { createAdminServer } from '../http/admin-server.ts';
import type { ConsoleOptions } from '../http/console/page-config.ts';
import type { PlaygroundOptions } from '../http/playground/page.ts';
import { PLAYGROUND_OPERATIONS } from '../http/playground-operations.ts';
import { createServer } from '../http/server.ts';
import { SharedKeys } from '../keys/shared-keys.ts';
import type { ClusterConfig } from '../kubernetes/connection/kubeconfig.ts';
import { CREDENTIAL_CHECK_TIMINGS } from '../kubernetes/credential-check.ts';
import { LIST_WATCH_TIMINGS } from '../kubernetes/list-watch.ts';
import { probeCluster, requireMinimumVersion } from '../kubernetes/probe.ts';
import { Hub, type HubOptions } from '../live/hub.ts';
import { LOG_LIMITS, LOG_TIMINGS } from '../live/log-follower.ts';
import { Mirrors } from '../mirror/mirrors.ts';
import { explainDenial } from '../model/access-remedy.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { type ApiMetrics, createApiMetrics } from './api-metrics.ts';
import { createCredentialCheck, createTransport, loadConfiguredCluster } from './cluster-connections.ts';
import { createDeveloperTraces } from './developer-trace.ts';
import { operationRules } from './operation-rules.ts';
import { createContextFactory } from './request-context.ts';
import type { RunningCommand } from './running-command.ts';
import { loadTracing } from './tracing.ts';
import { unansweredCalls } from './unanswered-calls.ts';

interface ApiOptions {
  config: Config;
  cluster: ClusterConfig;
  logger: Logger;
  playground: PlaygroundOptions | false;
  console: ConsoleOptions | false;
  reviews?: ReviewCacheOptions;
  authentication?: Partial<AuthenticationTimings>;
  subscriptions?: Partial<typeof HUB_DEFAULTS>;
  /** Absent: one of the size in the settings. */
  memory?: MemoryBudget;
  /** How often the files of the shared key and of the runner types are read, in ms. */
  rereadMs?: number;
  credentialCheck?: typeof CREDENTIAL_CHECK_TIMINGS;
  /** Whether the admin server has /metrics: only a benchmark does without. */
  metrics?: boolean;
  /** Contexts of the kubeconfig that developers have, by username. */
  kubectlContexts?: ReadonlyMap<string, string>;
  /** It ends with the API. */
  tracing?: Tracing;
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
  const console = config.api.console && {};
  const { server } = cluster.endpoint;
  const traced = await loadTracing(config, { serviceName: 'writ', server, logger });
  const api = createApi({ config, cluster, logger, playground, console, ...traced });
  const { url, adminUrl } = await api.start();
  logger.info({ url, adminUrl, cluster: cluster.endpoint.server }, 'API started');
  return api;
}

/** The API for one cluster, with the users' and the backend's connection pools and its servers. */
export function createApi(options: ApiOptions): Api {
  const { config, cluster, logger, playground, reviews = REVIEW_CACHE_DEFAULTS, authentication } = options;
  const { rereadMs = 5_000, credentialCheck = CREDENTIAL_CHECK_TIMINGS } = options;
  const operations = operationRules(config.operations);
  const metrics = options.metrics === false ? undefined : createApiMetrics(operations.list?.names);
  const { api, limits } = config;
  const { memory = new MemoryBudget(limits.memoryBytes) } = options;
  const cpu = new CpuShares();
  const schedulers = createSchedulers(config, metrics);
  // Two pools: calls with a user's token never share a connection with the backend's client certificate.
  const observers = [unansweredCalls(logger), ...(metrics ? [metrics.calls] : [])];
  const users = createTransport(cluster.endpoint, config.cluster, {
    scheduler: schedulers.users,
    observers,
  });
  const backend = createTransport(cluster.backendEndpoint, config.cluster, {
    scheduler: schedulers.backend,
    observers,
  });
  const authenticator = new Authenticator({
    transport: users,
    schedulers,
    ...AUTHENTICATOR_DEFAULTS,
    ...authentication,
    timeoutMs: config.cluster.callTimeoutMs,
  });
  const streams = createTransport(
    cluster.endpoint,
    { ...config.cluster, connections: limits.subscriptions.watches + limits.mirrors.all },
    { observers },
  );
  const hub = new Hub({
    transport: users,
    streams,
    memory,
    cpu,
    request: limits.request,
    callTimeoutMs: config.cluster.callTimeoutMs,
    limits: limits.subscriptions,
    onReview: metrics?.reviewed,
    ...HUB_DEFAULTS,
    ...options.subscriptions,
  });
  const mirrors = new Mirrors({ hub, type: AGENTIC_SESSIONS, limits: limits.mirrors });
  const keys = new SharedKeys({ file: api.keyFile, rereadMs, logger });
  const runners = new ReloadedRunners({
    initial: config.runners,
    file: config.runnersFile,
    rereadMs,
    logger,
  });
  const credentials = createCredentialCheck(cluster, backend, logger, credentialCheck);
  const auditLog = logger.child({ audit: true });
  const authorization: AuthorizeOptions = {
    transport: backend,
    credential: cluster.backendCredential,
    audit(record) {
      auditLog.info(record, 'privileged act');
      metrics?.acted(record);
    },
  };
  const authorize = createAuthorize(authorization);
  const { scheduleOwnerMaxAgeDays: ownerMaxAgeDays } = config.cluster;
  const schedules = createScheduleAuthority({ ...authorization, ownerMaxAgeDays });
  const reviewCache = new ReviewCache(reviews);
  const identity = createContextFactory({
    config,
    runners,
    transport: users,
    authenticator,
    reviews: reviewCache,
    authorize,
    schedules,
    memory,
    cpu,
    keys,
    requests: schedulers.requests,
    hub,
    mirrors,
    onReview: metrics?.reviewed,
    newDeveloperTrace: createDeveloperTraces(config, options.kubectlContexts),
  });
  const server = createServer({
    ...api,
    schema,
    logger,
    identity,
    limits: { complexity: limits.complexity },
    operations,
    memory,
    cpu,
    responses: limits.response,
    webSockets: limits.webSockets,
    requestTimeoutMs: limits.requestTimeoutMs,
    drainMs: api.shutdownDrainMs,
    ...(options.tracing && { tracing: options.tracing }),
    explain: (error) => explainDenial(error, config.cluster.projectRolePrefix),
    playground: playground && { ...playground, listsCalls: api.developerTrace },
    console: options.console && { ...options.console, developerTrace: api.developerTrace },
    observer: metrics?.requests,
  });
  const transports = { users, backend, streams };
  metrics?.expose({
    schedulers,
    transports,
    memory,
    authenticator,
    reviews: reviewCache,
    hub,
    mirrors,
    server,
    credentials,
  });
  let isClosing = false;
  const ready = async () => {
    if (isClosing) throw new Unavailable('Writ is shutting down');
    await cluster.backendCredential();
    credentials.assertAccepted();
    await probeCluster(users);
  };
  const admin = createAdminServer({
    ...config.admin,
    ready,
    logger,
    ...(metrics && { pages: { '/metrics': metrics.page } }),
  });

  return {
    async start() {
      await keys.start();
      await cluster.backendCredential();
      await requireMinimumVersion(users);
      await credentials.start();
      runners.start();
      const [{ url }, { url: adminUrl }] = await Promise.all([server.listen(), admin.listen()]);
      return { url, adminUrl };
    },
    async close() {
      isClosing = true;
      await server.close(api.shutdownGraceMs);
      mirrors.close();
      keys.close();
      runners.close();
      credentials.close();
      await Promise.all([admin.close(), users.destroy(), backend.destroy(), streams.destroy()]);
      await options.tracing?.close();
    },
  };
}

/** Users take turns on their own pool and on the backend's; clients whose tokens are not known yet have a few turns. */
function createSchedulers({ cluster, limits }: Config, metrics: ApiMetrics | undefined) {
  const { unknownConcurrentCalls, user } = limits;
  const { connections } = cluster;
  const create = (name: string, own: Pick<SchedulerLimits, 'concurrency'> & Partial<SchedulerLimits>) =>
    new FairScheduler({ ...user, ...own }, metrics?.waited(name));
  return {
    users: create('users', { concurrency: Math.max(1, connections - unknownConcurrentCalls) }),
    backend: create('backend', { concurrency: connections }),
    requests: create('requests', {
      concurrency: Number.POSITIVE_INFINITY,
      concurrencyPerUser: limits.concurrentRequestsPerUser,
    }),
    unknown: create('unknown', { concurrency: Math.min(unknownConcurrentCalls, connections) }),
  };
}
