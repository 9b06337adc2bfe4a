import { type Authorize, createAuthorize } from '../../src/authorization/authorize.ts';
import type { ActRecord } from '../../src/authorization/writ-terms.ts';
import type { ObjectMeta } from '../../src/kubernetes/resources.ts';
import { createRequestScope } from '../../src/kubernetes/scope.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS, type AgenticSessionManifest } from '../../src/model/session.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { BACKEND, startTestCluster } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';

/** Real Writs of a sandbox of its own, issued as Writ's server issues them. */
export function startAuthority() {
  const sandbox = startTestCluster();
  const transports = started(
    DESCRIBE,
    async () => ({ users: transportTo(sandbox), backend: transportTo(sandbox) }),
    ({ users, backend }) => Promise.all([users.destroy(), backend.destroy()]),
  );

  type Who = keyof typeof sandbox.identities;

  function userCluster(who: Who, timeoutMs = 3_600_000): UserCluster {
    const scope = createRequestScope('attack', new AbortController().signal, timeoutMs);
    return new UserCluster(transports().users, new UserToken(sandbox.identities[who].token), scope);
  }

  /** @param turn what a write of the backend waits for before it is sent */
  function authority(maxAgeMs?: number, turn = async () => {}) {
    const audited: ActRecord[] = [];
    const authorize = createAuthorize({
      transport: transports().backend,
      credential: async () => {
        await turn();
        return `Bearer ${sandbox.identities.backend.token}`;
      },
      audit: (record) => audited.push(record),
      ...(maxAgeMs !== undefined && { maxAgeMs }),
    });
    return { authorize, audited };
  }

  const authorize: Authorize = (...asked) => authority().authorize(...asked);
  const issue = (who: Who = 'alice', timeoutMs?: number) =>
    authorize(userCluster(who, timeoutMs), 'createSession', { namespace: 'demo' });

  function manifest(metadata: ObjectMeta = {}): AgenticSessionManifest {
    const { group, version, kind } = AGENTIC_SESSIONS;
    const generated = metadata.name ? {} : { generateName: 'forged-' };
    return {
      apiVersion: `${group}/${version}`,
      kind,
      metadata: { namespace: 'demo', ...generated, ...metadata },
      spec: {},
    };
  }

  /** What the backend asked of the cluster while `act` ran. */
  async function backendRequests(act: () => unknown) {
    const before = sandbox.requests.length;
    await act();
    return sandbox.requests.slice(before).filter(({ user }) => user === BACKEND);
  }

  return { sandbox, authority, authorize, userCluster, issue, manifest, backendRequests };
}
