import { Agent, fetch as undiciFetch } from 'undici';
import type { TestCluster } from './test-cluster.ts';

/** The Kubernetes API over plain HTTPS, as one identity: what kubectl would do. */
export function kubernetesAs(
  sandbox: Pick<TestCluster, 'server' | 'ca' | 'identities'>,
  who: keyof TestCluster['identities'],
) {
  let connections: Agent | undefined;

  async function request(method: string, path: string, body?: unknown, contentType = 'application/json') {
    connections ??= new Agent({ connect: { ca: sandbox.ca } });
    const response = await undiciFetch(`${sandbox.server}${path}`, {
      method,
      dispatcher: connections,
      headers: {
        authorization: `Bearer ${sandbox.identities[who].token}`,
        ...(body !== undefined && { 'content-type': contentType }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as any) : text };
  }

  return {
    request,
    get: (path: string) => request('GET', path),
    create: (path: string, body: unknown) => request('POST', path, typed(path, body)),
    patch: (path: string, body: unknown) => request('PATCH', path, body, 'application/merge-patch+json'),
    delete: (path: string, body?: unknown) => request('DELETE', path, body),
  };
}

/** A session with the kind that a test leaves out: of custom resources a real cluster takes nothing without. */
function typed(path: string, body: unknown): unknown {
  return path.endsWith('/agenticsessions')
    ? { apiVersion: 'vteam.ambient-code/v1alpha1', kind: 'AgenticSession', ...(body as object) }
    : body;
}

export const SESSIONS = (namespace: string) =>
  `/apis/vteam.ambient-code/v1alpha1/namespaces/${namespace}/agenticsessions`;
