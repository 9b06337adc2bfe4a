import { createAdminServer } from './admin-server.ts';
import { createAuthorize } from './authorization/authorize.ts';
import { READ_REVIEW_DEFAULTS, type ReadReviewOptions, ReadReviews } from './authorization/read-reviews.ts';
import type { Config } from './config.ts';
import { createContextFactory } from './context.ts';
import { schema } from './graphql/schema.ts';
import type { ClusterConfig } from './kubernetes/kubeconfig.ts';
import { probeCluster, requireMinimumVersion } from './kubernetes/probe.ts';
import { type ClusterEndpoint, ClusterTransport } from './kubernetes/transport.ts';
import type { Logger } from './logger.ts';
import { useIdentity } from './plugins/use-identity.ts';
import type { PlaygroundOptions } from './plugins/use-playground.ts';
import { createServer } from './server.ts';
import { VERSION } from './version.ts';

export interface AppOptions {
  config: Config;
  cluster: ClusterConfig;
  logger: Logger;
  playground: PlaygroundOptions | false;
  reviews?: ReadReviewOptions;
}

export interface App {
  /** Listens, once the cluster is known to be new enough. */
  start(): Promise<{ url: string; adminUrl: string }>;
  /** Lets running requests finish, for `config.shutdownGraceMs` at the most. */
  close(): Promise<void>;
}

/** Writ on one cluster: users' way to it, the backend's way to it, and the servers. */
export function createApp({
  config,
  cluster,
  logger,
  playground,
  reviews = READ_REVIEW_DEFAULTS,
}: AppOptions): App {
  // Two pools: what carries a user's token never shares a connection with the backend's certificate.
  const users = createTransport(cluster.endpoint, config);
  const backend = createTransport(cluster.backendEndpoint, config);
  const audit = logger.child({ audit: true });
  const authorize = createAuthorize({
    transport: backend,
    credential: cluster.backendCredential,
    audit: (record) => audit.info(record, 'privileged act'),
  });
  const createContext = createContextFactory({
    tokenSource: config.tokenHeader,
    transport: users,
    reviews: new ReadReviews(reviews),
    authorize,
    runTemplate: config.runTemplate,
    runnerMode: config.runnerMode,
    scanLimit: config.scanLimit,
    originPolicyInForce: config.originPolicyInForce,
    requestTimeoutMs: config.requestTimeoutMs,
  });
  const server = createServer({
    schema,
    logger,
    plugins: [useIdentity(createContext)],
    limits: { complexity: config.maxComplexity },
    corsOrigins: config.corsOrigins,
    csrf: config.tokenHeader !== 'authorization',
    playground,
    host: config.host,
    port: config.port,
    requestTimeoutMs: config.requestTimeoutMs,
  });
  const admin = createAdminServer({
    ready: async () => void (await probeCluster(users)),
    logger,
    host: config.host,
    port: config.adminPort,
  });

  return {
    async start() {
      await requireMinimumVersion(users);
      const [{ url }, { url: adminUrl }] = await Promise.all([server.listen(), admin.listen()]);
      return { url, adminUrl };
    },
    async close() {
      await server.close(config.shutdownGraceMs);
      await Promise.all([admin.close(), users.destroy(), backend.destroy()]);
    },
  };
}

/** One pool of connections to the cluster, by the process's settings. */
export function createTransport(endpoint: ClusterEndpoint, config: Config): ClusterTransport {
  return new ClusterTransport({
    endpoint,
    userAgent: `writ/${VERSION}`,
    connections: config.clusterConnections,
    callTimeoutMs: config.callTimeoutMs,
    attemptTimeoutMs: config.callTimeoutMs,
    retry: { attempts: 3, baseMs: 100 },
    maxResponseBytes: 64 * 1024 * 1024,
  });
}
