import { Unavailable } from '../errors.ts';
import { KubernetesError } from './kubernetes-error.ts';
import { VERSION_PATH } from './path.ts';
import { createRequestScope } from './scope.ts';
import type { ClusterTransport } from './transport.ts';

/** ValidatingAdmissionPolicy is stable as of this version (SelfSubjectReview as of 1.28). */
const MINIMUM_VERSION = { major: 1, minor: 30 };

const PROBE_TIMEOUT_MS = 5_000;

/**
 * Reads the cluster's version without credentials; null if it is unknown. Unavailable or Timeout if the cluster does
 * not respond.
 */
export async function probeCluster(
  transport: ClusterTransport,
): Promise<{ major: number; minor: number } | null> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const version = await transport.json<{ major?: string; minor?: string }>({
      method: 'GET',
      path: VERSION_PATH,
      authorization: undefined,
      identity: 'user',
      attributes: { verb: 'get', group: '', resource: 'version' },
      scope: createRequestScope('probe', signal, PROBE_TIMEOUT_MS),
      idempotent: true,
    });
    if (typeof version.major !== 'string') throw notKubernetes(transport, 'it answers without a version');
    const [major, minor] = [version.major, version.minor].map((part) => Number.parseInt(part ?? '', 10));
    return major && minor ? { major, minor } : null;
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    const { statusCode } = error;
    // The cluster is reachable, but does not tell its version to unauthenticated clients.
    if (statusCode === 401 || statusCode === 403 || statusCode === 429) return null;
    if (statusCode >= 500) {
      const cause = new Error(`${transport.where} answers ${statusCode}`);
      throw new Unavailable('The cluster cannot serve requests', {}, { cause });
    }
    // What Kubernetes answers to plain HTTP.
    const expectsTls = statusCode === 400 && transport.server.startsWith('http:');
    throw notKubernetes(
      transport,
      `it answers ${statusCode}${expectsTls ? ': does it expect TLS (https://)?' : ''}`,
    );
  }
}

function notKubernetes({ where }: ClusterTransport, why: string): Unavailable {
  const cause = new Error(`${where} is no Kubernetes API server: ${why}`);
  return new Unavailable('The cluster cannot be reached', {}, { cause });
}

/** Throws an Error, whose message is for the administrator, if the cluster is older than Writ supports. */
export async function requireMinimumVersion(transport: ClusterTransport): Promise<void> {
  const version = await probeCluster(transport);
  if (!version) return;
  const { major, minor } = MINIMUM_VERSION;
  if (version.major > major || (version.major === major && version.minor >= minor)) return;
  throw new Error(
    `Kubernetes ${version.major}.${version.minor} is too old: Writ requires ${major}.${minor} or later`,
  );
}
