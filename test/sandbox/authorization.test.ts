import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Client, core, jobs, named, rbac, sessions } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
let alice: Client;
let victor: Client;
let mallory: Client;
let backend: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ runner: false });
  const client = new Client(sandbox);
  admin = client.as(sandbox.identities.admin);
  alice = client.as(sandbox.identities.alice);
  victor = client.as(sandbox.identities.victor);
  mallory = client.as(sandbox.identities.mallory);
  backend = client.as(sandbox.identities.backend);
});
afterAll(() => sandbox.close());

async function allowed(client: Client, resourceAttributes: object): Promise<boolean> {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const { status, body } = await client.post(path, { spec: { resourceAttributes } });
  expect(status).toBe(201);
  return body.status.allowed;
}

const group = 'vteam.ambient-code';
const resource = 'agenticsessions';

describe('role-based access', () => {
  test('a refusal is worded as Kubernetes words it', async () => {
    const { status, body } = await victor.post(sessions, named('x'));
    expect(status).toBe(403);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'agenticsessions.vteam.ambient-code is forbidden: User "victor" cannot create resource "agenticsessions" in API group "vteam.ambient-code" in the namespace "demo"',
      reason: 'Forbidden',
      details: { group, kind: resource },
      code: 403,
    });
    const log = await mallory.get(`${core('pods')}/p/log`);
    expect(log.body.message).toBe(
      'pods "p" is forbidden: User "mallory" cannot get resource "pods/log" in API group "" in the namespace "demo"',
    );
    const cluster = await victor.get('/api/v1/secrets');
    expect(cluster.body.message).toContain(
      'cannot list resource "secrets" in API group "" at the cluster scope',
    );
    const path = await mallory.get('/metrics');
    expect(path.body.message).toBe('forbidden: User "mallory" cannot get path "/metrics"');
  });

  test('view reads sessions and no secrets', async () => {
    expect((await victor.get(sessions)).status).toBe(200);
    expect((await victor.get(core('secrets'))).status).toBe(403);
    expect((await victor.get(sessions.replace('demo', 'research'))).status).toBe(403);
  });

  test('a RoleBinding reaches its namespace and not the cluster', async () => {
    expect((await victor.get('/api/v1/namespaces/demo/pods')).status).toBe(200);
    expect((await victor.get('/api/v1/pods')).status).toBe(403);
  });

  test('edit creates, updates and patches sessions and deletes nothing', async () => {
    expect((await alice.post(sessions, named('by-alice'))).status).toBe(201);
    expect((await alice.patch(`${sessions}/by-alice`, { spec: { displayName: 'x' } })).status).toBe(200);
    expect((await alice.delete(`${sessions}/by-alice`)).status).toBe(403);
    expect((await alice.delete(sessions)).status).toBe(403);
    for (const path of [core('secrets'), core('serviceaccounts'), rbac('rolebindings')]) {
      expect((await alice.post(path, named('x'))).status).toBe(403);
    }
  });

  test('everybody who is authenticated lists namespaces', async () => {
    const { body } = await mallory.get('/api/v1/namespaces?labelSelector=ambient-code.io/managed=true');
    expect(body.items.map((n: { metadata: { name: string } }) => n.metadata.name)).toEqual([
      'demo',
      'research',
    ]);
  });

  test("the backend holds no read verb but get of a session's status", async () => {
    expect((await backend.get(`${sessions}/fix-cart-rounding/status`)).status).toBe(200);
    for (const path of [sessions, `${sessions}/fix-cart-rounding`, core('secrets'), jobs, rbac('roles')]) {
      expect((await backend.get(path)).status).toBe(403);
    }
  });

  test('the backend acts in managed projects and nowhere else', async () => {
    expect((await backend.post(core('serviceaccounts'), named('runner'))).status).toBe(201);
    expect((await backend.post(core('serviceaccounts', 'writ-system'), named('runner'))).status).toBe(403);
    expect((await backend.post('/api/v1/namespaces', named('new-project'))).status).toBe(201);
    const binding = (name: string) => ({
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', name: 'alice' }],
    });
    const bindings = rbac('rolebindings', 'new-project');
    expect((await backend.post(bindings, binding('ambient-project-admin'))).status).toBe(201);
    expect((await backend.post(bindings, binding('writ-backend-project'))).status).toBe(201);
    expect((await backend.post(bindings, binding('cluster-admin'))).status).toBe(403);
  });

  test('resourceNames allow the named object and no create', async () => {
    await admin.post(rbac('roles'), {
      ...named('one-secret'),
      rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['the-one'], verbs: ['*'] }],
    });
    await admin.post(rbac('rolebindings'), {
      ...named('one-secret'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one-secret' },
      subjects: [{ kind: 'User', name: 'mallory' }],
    });
    await admin.post(core('secrets'), named('the-one'));
    expect((await mallory.get(`${core('secrets')}/the-one`)).status).toBe(200);
    expect((await mallory.get(`${core('secrets')}/ambient-runner-secrets`)).status).toBe(403);
    expect((await mallory.get(core('secrets'))).status).toBe(403);
    const one = await mallory.get(`${core('secrets')}?fieldSelector=metadata.name=the-one`);
    expect(one.body.items).toHaveLength(1);
    expect((await mallory.post(core('secrets'), named('the-one'))).status).toBe(403);
    expect((await mallory.delete(core('secrets'))).status).toBe(403);
  });
});

describe('SelfSubjectAccessReview', () => {
  test('says what the request would be told', async () => {
    expect(await allowed(alice, { verb: 'create', group, resource, namespace: 'demo' })).toBe(true);
    expect(await allowed(victor, { verb: 'create', group, resource, namespace: 'demo' })).toBe(false);
    expect(await allowed(alice, { verb: 'create', group, resource, namespace: 'research' })).toBe(false);
    expect(
      await allowed(victor, { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'demo' }),
    ).toBe(true);
    expect(
      await allowed(alice, { verb: 'delete', resource: 'namespaces', namespace: 'demo', name: 'demo' }),
    ).toBe(false);
  });

  test('reviews resources that nobody serves', async () => {
    const attributes = { verb: 'create', group: 'project.openshift.io', resource: 'projectrequests' };
    expect(await allowed(mallory, attributes)).toBe(false);
    await admin.post('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      ...named('self-provisioner'),
      rules: [{ apiGroups: ['project.openshift.io'], resources: ['projectrequests'], verbs: ['create'] }],
    });
    await admin.post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      ...named('self-provisioner'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'self-provisioner' },
      subjects: [{ kind: 'User', name: 'mallory' }],
    });
    expect(await allowed(mallory, attributes)).toBe(true);
    expect((await mallory.post('/apis/project.openshift.io/v1/projectrequests', {})).status).toBe(404);
  });

  test('reviews of a create with a name believe the name, as in Kubernetes', async () => {
    const attributes = { verb: 'create', resource: 'secrets', namespace: 'demo' };
    expect(await allowed(mallory, attributes)).toBe(false);
    expect(await allowed(mallory, { ...attributes, name: 'the-one' })).toBe(true);
  });

  test('a review of nothing is invalid', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect((await alice.post(path, { spec: {} })).status).toBe(422);
  });

  test('SelfSubjectRulesReview lists the rules of a namespace', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { body } = await victor.post(path, { spec: { namespace: 'demo' } });
    expect(body.status.resourceRules).toContainEqual(expect.objectContaining({ resources: ['pods/log'] }));
  });
});

describe('the escalation check', () => {
  let boss: Client;
  beforeAll(async () => {
    await admin.post(rbac('rolebindings'), {
      ...named('boss'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ambient-project-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'boss', namespace: 'demo' }],
    });
    await admin.post(core('serviceaccounts'), named('boss'));
    const { body } = await admin.post(`${core('serviceaccounts')}/boss/token`, {});
    boss = admin.as(body.status.token);
  });

  const binding = (name: string, kind = 'ClusterRole') => ({
    metadata: { generateName: 'member-' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ kind: 'User', name: 'mallory' }],
  });

  test('a project admin binds the three project roles and nothing beyond his own rights', async () => {
    for (const role of ['ambient-project-view', 'ambient-project-edit', 'ambient-project-admin']) {
      expect((await boss.post(rbac('rolebindings'), binding(role))).status).toBe(201);
    }
    const { status, body } = await boss.post(rbac('rolebindings'), binding('cluster-admin'));
    expect(status).toBe(403);
    expect(body.message).toContain('is attempting to grant RBAC permissions not currently held:\n');
    expect((await boss.post(rbac('rolebindings'), binding('writ-backend-project'))).status).toBe(403);
    expect((await boss.post(rbac('rolebindings'), binding('no-such-role'))).status).toBe(404);
  });

  test('roleRef cannot be changed', async () => {
    const { body } = await boss.post(rbac('rolebindings'), binding('ambient-project-view'));
    const path = `${rbac('rolebindings')}/${body.metadata.name}`;
    const changed = { ...body, roleRef: { ...body.roleRef, name: 'ambient-project-edit' } };
    expect((await boss.put(path, changed)).body.message).toContain('cannot change roleRef');
  });

  test("the backend gives a runner its own session's status and no more", async () => {
    const role = (verbs: string[], resources: string[], resourceNames: string[] = ['s']) => ({
      metadata: { generateName: 'runner-' },
      rules: [{ apiGroups: [group], resources, resourceNames, verbs }],
    });
    const path = rbac('roles');
    const status = 'agenticsessions/status';
    expect((await backend.post(path, role(['get', 'patch'], [status]))).status).toBe(201);
    expect((await backend.post(path, role(['get'], ['agenticsessions']))).status).toBe(403);
    expect((await backend.post(path, role(['*'], [status]))).status).toBe(403);
    expect((await backend.post(path, role(['get'], ['*/status']))).status).toBe(403);
  });

  test('a right on one name does not cover all names', async () => {
    const clerk = { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create'] };
    const one = { apiGroups: [''], resources: ['secrets'], resourceNames: ['the-one'], verbs: ['get'] };
    await admin.post(rbac('roles'), { ...named('clerk'), rules: [clerk, one] });
    await admin.post(rbac('rolebindings'), {
      ...binding('clerk', 'Role'),
      subjects: [{ kind: 'User', name: 'victor' }],
    });
    const { resourceNames: _, ...all } = one;
    const role = (rule: object) =>
      victor.post(rbac('roles'), { metadata: { generateName: 'r-' }, rules: [rule] });
    expect((await role(one)).status).toBe(201);
    expect((await role(all)).status).toBe(403);
    expect((await role({ ...one, resourceNames: ['another'] })).status).toBe(403);
  });

  test('a role that cannot be decoded is 400', async () => {
    expect((await admin.post(rbac('roles'), { ...named('odd'), rules: 'all' })).status).toBe(400);
  });
});
