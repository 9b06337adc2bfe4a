import type { AgenticSession } from '../../../src/model/session.ts';
import { ofSecret, type RunKind, runOf } from '../../controller/fixture.ts';
import { DESCRIBE, started } from '../../support/hooks.ts';
import type { KubernetesClient } from '../../support/kubernetes-client.ts';
import { SESSIONS } from '../../support/objects.ts';
import { bind, putProject, putSession } from '../../support/put-objects.ts';
import { startTestCluster } from '../../support/test-cluster.ts';

// biome-ignore lint/suspicious/noExplicitAny: any object, to be spoilt
export type AnyObject = any;
/** Alice may edit, and mallory is the project's admin. */
export type Client = 'admin' | 'alice' | 'mallory' | 'backend' | 'controller';
export type Spoil = (object: AnyObject) => void;

export const PROJECT = 'held';
export const OUTSIDE = 'not-managed';
export const SOME_UID = '5e551000-0000-4000-8000-0000000000dd';
export const WRITS = 'ambient-code.io/';
export const merge = { 'content-type': 'application/merge-patch+json' };
export const userContext = { userId: 'alice', displayName: 'alice', groups: [] };
/** A run's name with a number that the controller does not take for one. */
export const unread = (name = '') => `${name}234567890`;

/** A project with a session that Writ has made for alice, the objects of its run, and who tries what. */
export function startPolicies() {
  const cluster = startTestCluster();
  const admin = cluster.as('admin');
  const made = started(DESCRIBE, makeRun, () => {});

  async function makeRun() {
    await putProject(admin, PROJECT, { annotations: { [`${WRITS}requested-by`]: 'carol' } });
    await putProject(admin, OUTSIDE, { labels: {} });
    await bind(admin, PROJECT, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
    const annotations = { [`${WRITS}requested-by`]: 'alice', note: 'b' };
    const stored: AgenticSession = await putSession(cluster.as('backend'), PROJECT, 'agent', {
      metadata: { labels: { team: 'a' }, annotations },
      spec: { userContext, timeout: 300 },
    });
    const run = runOf(stored);
    const ServiceAccount = ofSecret(run.ServiceAccount, SOME_UID);
    return { uid: stored.metadata.uid, run: { ...run, ServiceAccount } };
  }

  /** Nothing of it is kept: admission is asked all the same. But Writ may patch nothing without its being kept. */
  const dryly = (who: Client, method: string, path: string) =>
    method === 'PATCH' && ['backend', 'controller'].includes(who)
      ? path
      : `${path}${path.includes('?') ? '&' : '?'}dryRun=All`;
  const asked = async (
    who: Client,
    ...[method, path, body, headers]: Parameters<KubernetesClient['send']>
  ): Promise<string> => {
    const response = await cluster.as(who).send(method, dryly(who, method, path), body, headers);
    if (response.status < 300) return 'done';
    const denied = /denied request: (.*)/.exec(response.body.message)?.[1];
    return denied ?? `${response.status} ${response.body.message}`;
  };

  return {
    admin,
    asked,
    sessionPath: `${SESSIONS(PROJECT)}/agent`,
    /** The session's UID. */
    get uid() {
      return made().uid;
    },
    /** A copy of an object of the run, by its kind. */
    child: (kind: RunKind): AnyObject => structuredClone(made().run[kind]),
  };
}
