import type { FairScheduler } from '../budgets/fair-scheduler.ts';
import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import type { ClusterEndpoint } from '../kubernetes/connection/endpoint.ts';
import { type ClusterConfig, loadCluster } from '../kubernetes/connection/kubeconfig.ts';
import { CredentialCheck, type CredentialCheckOptions } from '../kubernetes/credential-check.ts';
import { ClusterTransport } from '../kubernetes/transport.ts';
import type { Logger } from '../telemetry/logger.ts';

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Loads the configured cluster. @param kubeconfig takes precedence over KUBECONFIG */
export function loadConfiguredCluster({ cluster }: Config, kubeconfig?: string): ClusterConfig {
  return loadCluster({ ...cluster, ...(kubeconfig !== undefined && { kubeconfigs: [kubeconfig] }) });
}

/** Creates a pool of connections to the cluster. */
export function createTransport(
  endpoint: ClusterEndpoint,
  { connections, callTimeoutMs }: Pick<Config['cluster'], 'connections' | 'callTimeoutMs'>,
  scheduler?: FairScheduler,
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
  });
}

/** The check of Writ's own credential, which logs each change. */
export function createCredentialCheck(
  { backendCredential: credential }: ClusterConfig,
  transport: ClusterTransport,
  logger: Logger,
  timings: Pick<CredentialCheckOptions, 'everyMs' | 'confirmMs'>,
): CredentialCheck {
  const onChange = (isAccepted: boolean) => {
    if (isAccepted) logger.info("the cluster accepts Writ's own credentials again");
    else logger.error("the cluster does not accept Writ's own credentials: no privileged write can succeed");
  };
  return new CredentialCheck({ transport, credential, ...timings, onChange });
}
