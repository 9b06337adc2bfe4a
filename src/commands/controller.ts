import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config/config.ts';
import { ReloadedRunners } from '../config/reloaded-runners.ts';
import { createController } from '../controller/controller.ts';
import type { ControllerTimings } from '../controller/timings.ts';
import { createAdminServer } from '../http/admin-server.ts';
import type { ClusterConfig } from '../kubernetes/connection/kubeconfig.ts';
import { CREDENTIAL_CHECK_TIMINGS } from '../kubernetes/credential-check.ts';
import { requireMinimumVersion } from '../kubernetes/probe.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { createCredentialCheck, createTransport, loadConfiguredCluster } from './cluster-connections.ts';
import { createControllerMetrics } from './controller-metrics.ts';
import type { RunningCommand } from './running-command.ts';
import { loadTracing } from './tracing.ts';
import { unansweredCalls } from './unanswered-calls.ts';

interface ControllerProcessOptions {
  config: Config;
  cluster: ClusterConfig;
  logger: Logger;
  timings?: ControllerTimings;
  /** How often the file of the runner types is read, in ms. */
  rereadMs?: number;
  /** It ends with the controller. */
  tracing?: Tracing;
}

interface ControllerProcess extends RunningCommand {
  /** Checks the cluster's version, then joins the leader election. */
  start(): Promise<{ adminUrl: string }>;
}

/** `writ controller`: the controller for a cluster. */
export async function runController(config: Config, kubeconfig: string | undefined): Promise<RunningCommand> {
  const cluster = loadConfiguredCluster(config, kubeconfig);
  const logger = createLogger({ level: config.logLevel });
  const { server } = cluster.backendEndpoint;
  const traced = await loadTracing(config, { serviceName: 'writ-controller', server, logger });
  const controller = createControllerProcess({ config, cluster, logger, ...traced });
  const { adminUrl } = await controller.start();
  logger.info({ adminUrl, cluster: cluster.endpoint.server }, 'controller started');
  return controller;
}

/** The controller with its connection pools and its admin server. It serves no API. */
export function createControllerProcess(options: ControllerProcessOptions): ControllerProcess {
  const { config, cluster, logger, timings, rereadMs = 5_000, tracing } = options;
  const metrics = createControllerMetrics();
  const observers = [unansweredCalls(logger), metrics.calls];
  const transport = (connections = config.cluster.connections) =>
    createTransport(cluster.backendEndpoint, { ...config.cluster, connections }, { observers });
  const transports = { lease: transport(1), watches: transport(), calls: transport() };
  const runners = new ReloadedRunners({
    initial: config.runners,
    file: config.runnersFile,
    rereadMs,
    logger,
  });
  const credentials = createCredentialCheck(cluster, transports.calls, logger, CREDENTIAL_CHECK_TIMINGS);
  const controller = createController({
    transports,
    credential: cluster.backendCredential,
    runners,
    logger,
    identity: `${hostname()}-${randomUUID().slice(0, 8)}`,
    namespace: config.cluster.namespace,
    scheduleOwnerMaxAgeDays: config.cluster.scheduleOwnerMaxAgeDays,
    ...(timings && { timings }),
    observer: metrics.observer,
    ...(tracing && { tracing }),
  });
  metrics.expose(controller, transports, credentials);
  const { host, controllerPort: port } = config.admin;
  const ready = async () => {
    await cluster.backendCredential();
    credentials.assertAccepted();
    await controller.ready();
  };
  const admin = createAdminServer({ host, port, ready, logger, pages: { '/metrics': metrics.page } });
  return {
    async start() {
      await cluster.backendCredential();
      await requireMinimumVersion(transports.calls);
      await credentials.start();
      runners.start();
      const { url: adminUrl } = await admin.listen();
      await controller.start();
      return { adminUrl };
    },
    async close() {
      runners.close();
      credentials.close();
      await controller.close();
      const destroyed = Object.values(transports).map((each) => each.destroy());
      await Promise.all([admin.close(), ...destroyed]);
      await tracing?.close();
    },
  };
}
