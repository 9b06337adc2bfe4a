import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createAdminServer } from './admin-server.ts';
import { createTransport } from './app.ts';
import type { Config } from './config.ts';
import { createController } from './controller/controller.ts';
import type { ControllerTimings } from './controller/timings.ts';
import type { ClusterConfig } from './kubernetes/kubeconfig.ts';
import { requireMinimumVersion } from './kubernetes/probe.ts';
import type { Logger } from './logger.ts';

export interface ControllerAppOptions {
  config: Config;
  cluster: ClusterConfig;
  logger: Logger;
  timings?: ControllerTimings;
}

export interface ControllerApp {
  /** Takes part in the election, once the cluster is known to be new enough. */
  start(): Promise<{ adminUrl: string }>;
  close(): Promise<void>;
}

/** The controller in a process of its own: no API, only the admin port. */
export function createControllerApp({
  config,
  cluster,
  logger,
  timings,
}: ControllerAppOptions): ControllerApp {
  const transport = (clusterConnections = config.clusterConnections) =>
    createTransport(cluster.backendEndpoint, { ...config, clusterConnections });
  const transports = { lease: transport(1), watches: transport(), calls: transport() };
  const controller = createController({
    transports,
    credential: cluster.backendCredential,
    runTemplate: config.runTemplate,
    runner: config.runnerMode,
    logger,
    identity: `${hostname()}-${randomUUID().slice(0, 8)}`,
    namespace: config.namespace,
    ...(timings && { timings }),
  });
  const admin = createAdminServer({
    ready: () => controller.ready(),
    logger,
    host: config.host,
    port: config.adminPort,
  });
  return {
    async start() {
      await requireMinimumVersion(transports.calls);
      const { url: adminUrl } = await admin.listen();
      await controller.start();
      return { adminUrl };
    },
    async close() {
      await controller.close();
      const destroyed = Object.values(transports).map((each) => each.destroy());
      await Promise.all([admin.close(), ...destroyed]);
    },
  };
}
