import { inject } from 'vitest';
import type { AgenticSession } from '../../../src/model/session.ts';
import { ClusterClient } from '../../cluster/cluster-client.ts';
import { ofSecret, type RunKind, runOf } from '../../controller/fixture.ts';
import { DESCRIBE, started } from '../../support/hooks.ts';
import { kubernetesAs, SESSIONS } from '../../support/kubernetes.ts';
import { putProject } from '../../support/objects.ts';
import { startTestCluster } from '../../support/test-cluster.ts';

// biome-ignore lint/suspicious/noExplicitAny: any object, to be spoilt
export type AnyObject = any;
export type Client = 'admin' | 'alice' | 'backend' | 'controller';
export type Spoil = (object: AnyObject) => void;

export const PROJECT = 'held';
export const OUTSIDE = 'not-managed';
export const RBAC = (namespace: string, resource: string) =>
  `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${resource}`;
const SOME_UID = '5e551000-0000-4000-8000-0000000000dd';
export const WRITS = 'ambient-code.io/';
export const merge = { 'content-type': 'application/merge-patch+json' };
export const userContext = { userId: 'alice', displayName: 'alice', groups: [] };
/** A run's name with a number that the controller does not take for one. */
export const unread = (name = '') => `${name}234567890`;

/** A project with a session that Writ has made for alice, the objects of its run, and who tries what. */
export function startPolicies() {
  const cluster = inject('cluster');
  startTestCluster();
  const admin = kubernetesAs(cluster, 'admin');
  const clients = Object.fromEntries(
    (['admin', 'alice', 'backend', 'controller'] as const).map((who) => [
      who,
      new ClusterClient(cluster, cluster.identities[who].token),
    ]),
  ) as Record<Client, ClusterClient>;
  const made = started(DESCRIBE, makeRun, () =>
    Promise.all(Object.values(clients).map((client) => client.close())),
  );

  async function makeRun() {
    await putProject(admin, PROJECT, { annotations: { [`${WRITS}requested-by`]: 'carol' } });
    await putProject(admin, OUTSIDE, { labels: {} });
    const annotations = { [`${WRITS}requested-by`]: 'alice', note: 'b' };
    const session: AgenticSession = await clients.backend.must(
      'POST',
      SESSIONS(PROJECT),
      typed({ name: 'agent', labels: { team: 'a' }, annotations }, { userContext, timeout: 300 }),
    );
    const run = runOf(session);
    return { session, run: { ...run, ServiceAccount: ofSecret(run.ServiceAccount, SOME_UID) } };
  }

  /** Nothing of it is kept: admission is asked all the same. But Writ may patch nothing without its being kept. */
  const dryly = (who: Client, method: string, path: string) =>
    method === 'PATCH' && ['backend', 'controller'].includes(who) ? path : `${path}?dryRun=All`;
  const asked = async (
    who: Client,
    ...[method, path, body, headers]: Parameters<ClusterClient['send']>
  ): Promise<string> => {
    const answer = await clients[who].send(method, dryly(who, method, path), body, headers);
    if (answer.status < 300) return 'done';
    const said = /denied request: (.*)/.exec(answer.body.message)?.[1];
    return said ?? `${answer.status} ${answer.body.message}`;
  };

  return {
    admin,
    asked,
    sessionPath: `${SESSIONS(PROJECT)}/agent`,
    /** The session's UID. */
    get uid() {
      return made().session.metadata.uid;
    },
    /** A copy of an object of the run, by its kind. */
    child: (kind: RunKind): AnyObject => structuredClone(made().run[kind]),
  };
}

/** A session with its kind. */
export const typed = (metadata: object, spec: object = {}) => ({
  apiVersion: 'vteam.ambient-code/v1alpha1',
  kind: 'AgenticSession',
  metadata,
  spec,
});
