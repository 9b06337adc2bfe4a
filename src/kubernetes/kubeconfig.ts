import { readFileSync } from 'node:fs';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import { Unavailable } from '../errors.ts';
import type { ClusterEndpoint, Credential } from './transport.ts';

/** What of a kubeconfig or a pod's service account Writ uses: where the cluster is, and its own identity there. */
export interface ClusterConfig {
  /** For users: the server and its CA, and nobody's credentials. */
  endpoint: ClusterEndpoint;
  /** For the backend: the same server, with a client certificate where that is its identity. */
  backendEndpoint: ClusterEndpoint;
  /** The backend's Authorization header; asked for each call, so that a rotated token is taken up. */
  backendCredential: Credential;
}

export interface ClusterSource {
  kubeconfig: string | undefined;
  backendContext: string | undefined;
  inCluster: boolean;
}

/**
 * Reads where the cluster is. Throws an Error for people where there is none.
 *
 * @param source a kubeconfig and the context in it whose user the backend is (absent: the current one), or the
 * service account of the pod that this process is in
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
    throw new Error('No cluster is configured: give --kubeconfig FILE or KUBECONFIG, or run in a pod');
  }
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (!cluster || !user) throw new Error(`${file ?? 'The pod'} names no cluster and user to use`);
  const endpoint = endpointOf(cluster);
  return {
    endpoint,
    backendEndpoint: { ...endpoint, clientCertificate: clientCertificateOf(user) },
    backendCredential: () => authorizationOf(config),
  };
}

/** The parser's own message would quote the lines around the fault, and a token may stand there. */
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
 * client-node knows token files, exec plugins and the rest; of what it applies, only this header is used. Where it
 * fails its message may hold what a plugin printed: Unavailable says no more than that.
 */
async function authorizationOf(config: KubeConfig): Promise<string | undefined> {
  const options: { headers: Record<string, string> } = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch {
    throw new Unavailable("Writ's own credentials could not be had");
  }
  return options.headers.Authorization?.trim();
}
