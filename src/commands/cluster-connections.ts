import type { FairScheduler } from '../budgets/fair-scheduler.ts';
import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import type { CallObserver } from '../kubernetes/call-observer.ts';
import type { ClusterEndpoint } from '../kubernetes/connection/endpoint.ts';
import { type ClusterConfig, loadCluster } from '../kubernetes/connection/kubeconfig.ts';
import { ClusterTransport } from '../kubernetes/transport.ts';

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Loads the configured cluster. @param kubeconfig takes precedence over KUBECONFIG */
export function loadConfiguredCluster({ cluster }: Config, kubeconfig?: string): ClusterConfig {
  return loadCluster({ ...cluster, ...(kubeconfig !== undefined && { kubeconfigs: [kubeconfig] }) });
}

/** Creates a pool of connections to the cluster. */
export function createTransport(
  endpoint: ClusterEndpoint,
  { connections, callTimeoutMs }: Pick<Config['cluster'], 'connections' | 'callTimeoutMs'>,
  { scheduler, observer }: { scheduler?: FairScheduler; observer?: CallObserver | undefined } = {},
): ClusterTransport {
  return new ClusterTransport({
    endpoint,
    userAgent: `writ/${VERSION}`,
    connections,
    callTimeoutMs,
    attemptTimeoutMs: callTimeoutMs,
    retry: { attempts: 3, baseMs: 100 },
    maxResponseBytes: MAX_RESPONSE_BYTES,
    ...(scheduler && { scheduler }),
    observer,
  });
}
