import { beforeAll, describe, expect, it } from 'vitest';
import type { Writ } from '../../src/authorization/writ.ts';
import { readConfig } from '../../src/config/config.ts';
import {
  JOBS,
  NAMESPACES,
  type ObjectMeta,
  PODS,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
} from '../../src/kubernetes/resources.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../src/model/session.ts';
import { buildRun } from '../../src/sessions/run/build-run.ts';
import { readStoredSession } from '../../src/sessions/run/read-stored-session.ts';
import { startAuthority } from './authority.ts';

const { template: runTemplate } = readConfig({}).runners;
const { issue, manifest, backendRequests } = startAuthority();

describe('a child of a run that is none', () => {
  let writ: Writ;
  let run: ReturnType<typeof buildRun>;
  let other: AgenticSession;
  beforeAll(async () => {
    writ = await issue();
    run = await runOf(writ);
    other = await (await issue()).session.create(manifest());
  });
  const runOf = async (of: Writ) =>
    buildRun(readStoredSession(await of.session.create(manifest()), runTemplate), 1, runTemplate, {
      requestId: 'attack',
    });
  const owner = () => run.secret.metadata.ownerReferences?.[0] ?? expect.unreachable();
  const secret = (metadata: object) => ({ ...run.secret, metadata: { ...run.secret.metadata, ...metadata } });
  const account = (metadata: object) => ({
    ...run.serviceAccount,
    metadata: { ...run.serviceAccount.metadata, ...metadata },
  });
  const owned = (...ownerReferences: object[]) => secret({ ownerReferences });

  const FORGED: [string, ResourceType, () => unknown][] = [
    ['another namespace', SECRETS, () => secret({ namespace: 'research' })],
    ['no namespace', SECRETS, () => secret({ namespace: undefined })],
    ['a name without the session', SECRETS, () => secret({ name: 'ambient-runner-secrets' })],
    [
      'a generated name',
      SECRETS,
      () =>
        secret({
          name: undefined,
          generateName: `session-${owner().uid}-`,
        }),
    ],
    [
      'the name of another session\u2019s run',
      SECRETS,
      () => secret({ name: `session-${other.metadata.uid}-1` }),
    ],
    ['no owner', SECRETS, () => owned()],
    ['two owners', SECRETS, () => owned(owner(), { ...owner(), controller: false, uid: other.metadata.uid })],
    ['another owner', SECRETS, () => owned({ ...owner(), uid: other.metadata.uid })],
    ['an owner of another name', SECRETS, () => owned({ ...owner(), name: other.metadata.name })],
    ['an owner of another kind', SECRETS, () => owned({ ...owner(), kind: 'ConfigMap' })],
    ['an owner of another group', SECRETS, () => owned({ ...owner(), apiVersion: 'v1' })],
    ['an owner that does not control it', SECRETS, () => owned({ ...owner(), controller: false })],
    ['an owner that it blocks', SECRETS, () => owned({ ...owner(), blockOwnerDeletion: true })],
    [
      'a finalizer, with which it would outlive the session',
      SECRETS,
      () => secret({ finalizers: ['mallory.io/keep'] }),
    ],
    ['no metadata', SECRETS, () => ({})],
    ['a kind that runs do not have', PODS, () => run.secret],
    ['a session', AGENTIC_SESSIONS, () => run.secret],
    ['a namespace', NAMESPACES, () => run.secret],
    ['a look-alike of a kind', { ...SECRETS }, () => run.secret],
    ['a look-alike with another resource', { ...JOBS, resource: 'pods' }, () => run.job],
    ['a Secret with content', SECRETS, () => ({ ...run.secret, data: { token: 'eA==' } })],
    [
      'a Secret of another type',
      SECRETS,
      () => ({ ...run.secret, type: 'kubernetes.io/service-account-token' }),
    ],
    [
      'a Secret that another controller acts on',
      SECRETS,
      () => secret({ annotations: { 'replicator.v1.mittwald.de/replicate-from': 'other/secret' } }),
    ],
    ['a service account that names no Secret', SERVICE_ACCOUNTS, () => run.serviceAccount],
    [
      'a service account that names a Secret of somebody else',
      SERVICE_ACCOUNTS,
      () => account({ annotations: { 'ambient-code.io/secret-uid': other.metadata.uid } }),
    ],
    [
      'a RoleBinding to the project\u2019s admin role',
      ROLE_BINDINGS,
      () => ({
        ...run.roleBinding,
        roleRef: { ...run.roleBinding.roleRef, kind: 'ClusterRole', name: 'ambient-project-admin' },
      }),
    ],
    [
      'a RoleBinding for somebody else',
      ROLE_BINDINGS,
      () => ({
        ...run.roleBinding,
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'mallory' }],
      }),
    ],
    [
      'a Role for all sessions',
      ROLES,
      () => ({
        ...run.role,
        rules: [{ apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['patch'] }],
      }),
    ],
  ];

  it.each(FORGED)('%s is refused before the cluster hears of it', async (_, type, childOf) => {
    const requests = await backendRequests(() =>
      expect(writ.session.createRunObject(type, childOf() as { metadata?: ObjectMeta })).rejects.toThrow(
        TypeError,
      ),
    );
    expect(requests).toEqual([]);
  });

  it('is refused also where it becomes one after it was checked', async () => {
    const mutable = structuredClone(run.role);
    const made = writ.session.createRunObject(ROLES, mutable);
    Object.assign(mutable.metadata ?? {}, { ownerReferences: [], name: 'default-admin' });
    const created = await made;
    expect(created?.metadata.name).toBe(run.role.metadata?.name);
    expect(created?.metadata.ownerReferences).toEqual([owner()]);
  });

  it('gets no token: neither an account nor a Secret that this Writ did not make', async () => {
    const fresh = await issue();
    const own = await runOf(fresh);
    const name = own.secret.metadata.name;
    await fresh.session.createRunObject(SECRETS, own.secret);
    const requests = await backendRequests(async () => {
      await expect(fresh.session.mintRunToken('default', name, 600)).rejects.toThrow(TypeError);
      await expect(fresh.session.mintRunToken('../serviceaccounts/x', name, 600)).rejects.toThrow(TypeError);
      await expect(fresh.session.storeRunToken('ambient-runner-secrets', 'x')).rejects.toThrow(TypeError);
      await expect(fresh.session.storeRunToken(`session-${other.metadata.uid}-1`, 'x')).rejects.toThrow(
        TypeError,
      );
    });
    expect(requests).toEqual([]);
  });
});
