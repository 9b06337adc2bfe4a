import { requestInfo } from '../../src/sandbox/request-info.ts';
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';
import { findBinaries } from '../cluster/binaries.ts';
import type { ControlPlaneAccess, ControlPlaneOptions } from '../cluster/control-plane.ts';
import { seedDemo, startSeededControlPlane } from '../cluster/seed.ts';
import { startClusterProxy } from './cluster-proxy.ts';
import { emptyCluster } from './empty-cluster.ts';
import { KubernetesClient } from './kubernetes-client.ts';
import type { RunningCluster } from './test-cluster.ts';

/** The one control plane of a run, reset. */
export async function openRealCluster(access: ControlPlaneAccess, demo: boolean): Promise<RunningCluster> {
  const admin = new KubernetesClient(access, access.identities.admin.token);
  await emptyCluster(admin);
  // The fake runner stands still, as the sandbox's does in tests.
  if (demo) await seedDemo(admin, false, false);
  await admin.close();
  return recorded(access);
}

/** A control plane of its own, in which Jobs run and deploy/'s policies are in force. */
export async function openOwnRealCluster(
  demo: boolean,
  runner: Exclude<ControlPlaneOptions['runner'], undefined>,
): Promise<RunningCluster> {
  const binaries = await findBinaries(() => {});
  const controlPlane = await startSeededControlPlane({ binaries, demo, runner });
  const cluster = await recorded(controlPlane);
  const close = async () => {
    await cluster.close();
    await controlPlane.close();
  };
  return { ...cluster, close };
}

/** Behind a proxy that records what is asked as the sandbox does. */
async function recorded(access: ControlPlaneAccess): Promise<RunningCluster> {
  const proxy = await startClusterProxy(access);
  const requests: RecordedRequest[] = [];
  proxy.set(async ({ method, path, authorization, headers, body }, forward) => {
    const url = new URL(path, access.server);
    const {
      verb,
      group = '',
      resource = '',
      subresource,
      namespace,
      name,
    } = requestInfo(method, url, url.pathname);
    const record: RecordedRequest = {
      at: Date.now(),
      user: userOf(authorization, access),
      method,
      path,
      verb,
      group,
      resource,
      receivedAt: performance.now(),
      status: 0,
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
      ...(headers['audit-id'] && { auditId: String(headers['audit-id']) }),
      ...(headers['user-agent'] && { userAgent: headers['user-agent'] }),
      ...(headers.accept && { accept: headers.accept }),
    };
    requests.push(record);
    const reply = await forward();
    record.status = reply.status;
    record.respondedAt = performance.now();
    // What was asked as it was asked: the server leaves out what is empty.
    if (/reviews$/.test(resource)) record.body = { ...(reply.body as object), spec: specOf(body) };
    return reply;
  });
  return {
    server: proxy.endpoint.server,
    ca: proxy.endpoint.ca,
    identities: access.identities,
    requests,
    connections: () => proxy.connections(),
    close: () => proxy.close(),
  };
}

function specOf(body: string): unknown {
  return body.startsWith('{') ? JSON.parse(body).spec : undefined;
}

/** Of the people by their tokens; of a service account by what its token says. Nobody's is nothing, as the sandbox has it. */
function userOf(authorization: string, { identities }: ControlPlaneAccess): string {
  const token = authorization.replace(/^Bearer /, '');
  if (!token) return 'system:anonymous';
  const known = Object.values(identities).find((identity) => identity.token === token);
  if (known) return known.username;
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return String(claims.sub);
  } catch {
    return '';
  }
}
