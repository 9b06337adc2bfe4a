import { readFileSync } from 'node:fs';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import { Unavailable } from '../errors.ts';
import type { ClusterEndpoint, Credential } from './transport.ts';

/** What Writ uses of a kubeconfig or of a pod's service account: the cluster, and its own identity in it. */
export interface ClusterConfig {
  /** For users: the server and its CA, without credentials. */
  endpoint: ClusterEndpoint;
  /** For the backend: the same server, with the client certificate if the identity has one. */
  backendEndpoint: ClusterEndpoint;
  /** The backend's Authorization header. It is read for each call, so that a rotated token is picked up. */
  backendCredential: Credential;
}

interface ClusterSource {
  kubeconfig: string | undefined;
  backendContext: string | undefined;
  inCluster: boolean;
}

/**
 * Reads the cluster's address and the backend's credentials. Throws an Error whose message is for the administrator.
 *
 * @param source a kubeconfig and the context whose user is the backend (the current one if absent), or else the service
 * account of the pod that this process runs in
 */
export function loadCluster(source: ClusterSource): ClusterConfig {
  const { kubeconfig: file, backendContext, inCluster } = source;
  const config = new KubeConfig();
  if (file !== undefined) {
    readFile(config, file);
    if (backendContext !== undefined) {
      if (!config.getContextObject(backendContext))
        throw new Error(`${file} has no context "${backendContext}"`);
      config.setCurrentContext(backendContext);
    }
  } else if (inCluster) {
    config.loadFromCluster();
  } else {
    throw new Error('No cluster is configured: set --kubeconfig FILE or KUBECONFIG, or run in a pod');
  }
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster || !user) throw new Error(`${file ?? 'The pod'} has no current cluster and user`);
  const endpoint = endpointOf(cluster);
  return {
    endpoint,
    backendEndpoint: { ...endpoint, clientCertificate: clientCertificateOf(user) },
    backendCredential: () => authorizationOf(config),
  };
}

/** The parser's own message is dropped: it quotes the lines around the error, which may contain a token. */
function readFile(config: KubeConfig, file: string): void {
  try {
    config.loadFromFile(file);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    throw new Error(`${file} cannot be read as a kubeconfig${typeof code === 'string' ? ` (${code})` : ''}`);
  }
}

function endpointOf(cluster: Cluster): ClusterEndpoint {
  return {
    server: cluster.server,
    ca: textOf(cluster.caData, cluster.caFile),
    tlsServerName: cluster.tlsServerName,
    skipTlsVerify: cluster.skipTLSVerify,
  };
}

function clientCertificateOf(user: User): ClusterEndpoint['clientCertificate'] {
  const cert = textOf(user.certData, user.certFile);
  const key = textOf(user.keyData, user.keyFile);
  return cert && key ? { cert, key } : undefined;
}

function textOf(base64: string | undefined, file: string | undefined): string | undefined {
  if (base64) return Buffer.from(base64, 'base64').toString('utf8');
  return file ? readFileSync(file, 'utf8') : undefined;
}

/**
 * client-node supports token files, exec plugins and the rest; only this header of what it applies is used. Its error is
 * replaced by Unavailable without a cause, as it may contain the output of a plugin.
 */
async function authorizationOf(config: KubeConfig): Promise<string | undefined> {
  const options: { headers: Record<string, string> } = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch {
    throw new Unavailable("Writ's own credentials cannot be read");
  }
  return options.headers.Authorization?.trim();
}
