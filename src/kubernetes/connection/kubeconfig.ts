import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readTlsFiles } from './connector.ts';
import { basic, type Credential, tokenFile } from './credential.ts';
import type { ClusterEndpoint } from './endpoint.ts';
import { execPlugin } from './exec-plugin.ts';
import { type ClusterUser, clusterOf, userOf } from './kubeconfig-fields.ts';
import { type KubeconfigEntry, readContext } from './kubeconfig-files.ts';
import { type ProxySettings, proxyFromEnvironment } from './proxy.ts';

/** The cluster, and Writ's own identity in it. */
export interface ClusterConfig {
  /** For users: the server and how to verify it, without credentials. */
  endpoint: ClusterEndpoint;
  /** For the backend: the same server, with the client certificate if the identity has one. */
  backendEndpoint: ClusterEndpoint;
  backendCredential: Credential;
}

export interface ClusterSource {
  /** The file of --kubeconfig, or those of KUBECONFIG. Empty: the service account of the pod. */
  kubeconfigs: readonly string[];
  /** The context whose user is the backend. Absent: the current one. */
  backendContext?: string | undefined;
  /** The API server as pods know it. Absent outside of a pod. */
  inCluster?: { host: string; port: string } | undefined;
  proxies?: ProxySettings;
  /** What credential plugins inherit. */
  environment?: Record<string, string | undefined>;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads the cluster's address and the backend's credentials, as kubectl does. Throws an Error whose message is for the
 * administrator: it names what cannot be used, and what Writ does not support. Nothing is ignored, since Writ would then be
 * someone else than the file says.
 */
export function loadCluster(source: ClusterSource, serviceAccount = SERVICE_ACCOUNT): ClusterConfig {
  const { kubeconfigs, backendContext, inCluster, proxies = {}, environment = {} } = source;
  const { cluster, user, entry } =
    kubeconfigs.length > 0
      ? readKubeconfig(kubeconfigs, backendContext)
      : { ...ofPod(inCluster, serviceAccount), entry: undefined };
  const endpoint = { ...cluster, proxy: cluster.proxy ?? proxyFromEnvironment(cluster.server, proxies) };
  const { clientCertificate, impersonation } = user;
  const backendEndpoint = { ...endpoint, clientCertificate, impersonation };
  checkTlsFiles(backendEndpoint);
  const backendCredential = credentialOf(user, () => clusterInfoOf(endpoint, entry), environment);
  return { endpoint, backendEndpoint, backendCredential };
}

function readKubeconfig(files: readonly string[], context: string | undefined) {
  const { cluster, user } = readContext(files, context);
  return { cluster: clusterOf(cluster), user: userOf(user), entry: cluster };
}

function ofPod(
  inCluster: ClusterSource['inCluster'],
  directory: string,
): { cluster: ClusterEndpoint; user: ClusterUser } {
  if (!inCluster)
    throw new Error('No cluster is configured: set --kubeconfig FILE or KUBECONFIG, or run in a pod');
  const { host, port } = inCluster;
  return {
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      ca: { file: `${directory}/ca.crt` },
    },
    user: { token: { file: `${directory}/token` } },
  };
}

/** Certificates and keys that cannot be read would otherwise fail each connection. */
function checkTlsFiles(endpoint: ClusterEndpoint): void {
  try {
    const files = readTlsFiles(endpoint);
    createSecureContext(files);
    // Node leaves out a certificate authority that it cannot read.
    if (files.ca) new X509Certificate(files.ca);
  } catch (error) {
    const { code = 'ERROR', path } = error as NodeJS.ErrnoException;
    throw new Error(
      path
        ? `${path} cannot be read (${code})`
        : `The certificate authority, client certificate or key for ${endpoint.server} is not valid PEM, or the two do not match (${code})`,
    );
  }
}

function credentialOf(
  { token, basic: password, exec }: ClusterUser,
  clusterInfo: () => object,
  environment: Record<string, string | undefined>,
): Credential {
  if (exec) return execPlugin({ exec, environment, clusterInfo: clusterInfo() });
  if (password) return basic(password);
  if (typeof token === 'object') return tokenFile(token.file);
  const authorization = token && `Bearer ${token.trim()}`;
  return async () => authorization;
}

/** The `spec.cluster` that a plugin is told of, with the configuration that the kubeconfig has for plugins. */
function clusterInfoOf(endpoint: ClusterEndpoint, entry: KubeconfigEntry | undefined): object {
  const { server, tlsServerName, skipTlsVerify } = endpoint;
  const { ca } = readTlsFiles({ server, ca: endpoint.ca });
  const extensions = entry?.fields.extensions;
  const forPlugins = Array.isArray(extensions)
    ? extensions.find((each) => each?.name === 'client.authentication.k8s.io/exec')
    : undefined;
  const proxyUrl = entry?.fields['proxy-url'];
  return {
    server,
    ...(tlsServerName && { 'tls-server-name': tlsServerName }),
    ...(skipTlsVerify && { 'insecure-skip-tls-verify': true }),
    ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(proxyUrl ? { 'proxy-url': proxyUrl } : {}),
    ...(forPlugins && { config: forPlugins.extension }),
  };
}
