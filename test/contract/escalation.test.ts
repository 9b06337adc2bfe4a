import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Body, KubernetesClient } from '../support/kubernetes-client.ts';
import { named } from '../support/objects.ts';
import { allowed, causes, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

const GROUP = 'rbac.authorization.k8s.io';
const binding = (name: string, kind = 'ClusterRole', subject = 'mallory') => ({
  metadata: { generateName: 'contract-' },
  roleRef: { apiGroup: GROUP, kind, name },
  subjects: [{ apiGroup: GROUP, kind: 'User', name: subject }],
});
const role = (...rules: object[]) => ({ metadata: { generateName: 'contract-' }, rules });

describe('a project admin', () => {
  let boss: KubernetesClient;
  beforeAll(async () => {
    const account = await cluster.newAccount(project);
    boss = account.client;
    await cluster.admin.create(project.rbac('rolebindings'), {
      ...binding('ambient-project-admin'),
      subjects: [{ kind: 'ServiceAccount', namespace: project.name, name: account.name }],
    });
    const attributes = { verb: 'create', group: GROUP, resource: 'rolebindings', namespace: project.name };
    await eventually(async () => expect(await allowed(boss, attributes)).toBe(true));
  });
  const bind = (object: object) => boss.post(project.rbac('rolebindings'), object);

  it('binds the three project roles, by `bind` with resourceNames', async () => {
    for (const name of ['ambient-project-view', 'ambient-project-edit', 'ambient-project-admin'])
      expect((await bind(binding(name))).status).toBe(201);
  });

  it('binds no role beyond his own rights', async () => {
    const { status, body } = await bind(binding('cluster-admin'));
    expect(status).toBe(403);
    expect(body.reason).toBe('Forbidden');
    expect(body.message).toMatch(/is attempting to grant RBAC permissions not currently held:\n\{/);
    expect((await bind(binding('writ-backend-project'))).status).toBe(403);
  });

  it('is told 404 of a role that is not there', async () => {
    const { status, body } = await bind(binding('no-such-role'));
    expect(status).toBe(404);
    expect(body.message).toContain('"no-such-role" not found');
  });

  it('makes no roles', async () => {
    expect((await boss.post(project.rbac('roles'), role())).status).toBe(403);
  });
});

describe("an account with the rights of Writ's backend", () => {
  const status = 'agenticsessions/status';
  const runner = (more: object = {}) =>
    role({
      apiGroups: ['vteam.ambient-code'],
      resources: [status],
      resourceNames: ['s'],
      verbs: ['get', 'patch'],
      ...more,
    });
  let writer: KubernetesClient;
  beforeAll(async () => {
    // An account of its own: the policies in deploy/ hold Writ's to more than RBAC does.
    const account = await cluster.newAccount(project, [
      { apiGroups: ['vteam.ambient-code'], resources: [status], verbs: ['get', 'patch'] },
      { apiGroups: [GROUP], resources: ['roles', 'rolebindings'], verbs: ['create'] },
      {
        apiGroups: [GROUP],
        resources: ['clusterroles'],
        resourceNames: ['writ-backend-project', 'ambient-project-admin'],
        verbs: ['bind'],
      },
    ]);
    writer = account.client;
  });

  it("gives a runner its own session's status and no more", async () => {
    const post = async (object: object) => (await writer.post(project.rbac('roles'), object)).status;
    expect(await post(runner())).toBe(201);
    expect(await post(runner({ resources: ['agenticsessions'] }))).toBe(403);
    expect(await post(runner({ verbs: ['*'] }))).toBe(403);
    expect(await post(runner({ resources: ['*/status'] }))).toBe(403);
    expect(await post(runner({ apiGroups: ['*'] }))).toBe(403);
  });

  it('binds a Role that gives what it has, and none that gives more', async () => {
    const own = await writer.create(project.rbac('roles'), runner());
    const more = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    const other = await cluster.admin.create(project.rbac('roles'), role(more));
    const bind = async ({ metadata }: Body) =>
      (await writer.post(project.rbac('rolebindings'), binding(metadata.name, 'Role'))).status;
    // The server may come to know a new role a moment later.
    await eventually(async () => expect(await bind(own)).toBe(201));
    await eventually(async () => expect(await bind(other)).toBe(403));
  });

  it('binds the two roles that `bind` names, whatever they give, and no other', async () => {
    const bind = async (name: string) =>
      (await writer.post(project.rbac('rolebindings'), binding(name))).status;
    for (const name of ['ambient-project-admin', 'writ-backend-project']) expect(await bind(name)).toBe(201);
    for (const name of ['cluster-admin', 'ambient-project-edit']) expect(await bind(name)).toBe(403);
  });
});

describe('the escalation check', () => {
  const clerk = { apiGroups: [GROUP], resources: ['roles', 'rolebindings'], verbs: ['create', 'update'] };
  const one = { apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['get'] };
  const roles = () => project.rbac('roles');

  it('takes a right on one name for a right on that name alone', async () => {
    const { client } = await cluster.newAccount(project, [clerk, one]);
    const { resourceNames: _, ...all } = one;
    expect((await client.post(roles(), role(one))).status).toBe(201);
    expect((await client.post(roles(), role(all))).status).toBe(403);
    expect((await client.post(roles(), role({ ...one, resourceNames: ['another'] }))).status).toBe(403);
  });

  it('names the rule that is not held', async () => {
    const { client, username } = await cluster.newAccount(project, [clerk]);
    const { status, body } = await client.post(roles(), role({ ...one, verbs: ['get', 'list'] }));
    expect(status).toBe(403);
    expect(body.message).toContain(`user ${JSON.stringify(username)}`);
    expect(body.message).toContain(
      '{APIGroups:[""], Resources:["secrets"], ResourceNames:["one"], Verbs:["get" "list"]}',
    );
  });

  it('holds for any change of a role, be it of a label', async () => {
    const { client } = await cluster.newAccount(project, [clerk]);
    const stored = await cluster.admin.create(roles(), role(one));
    const metadata = { ...stored.metadata, labels: { a: 'b' } };
    const { status } = await client.put(`${roles()}/${metadata.name}`, { ...stored, metadata });
    expect(status).toBe(403);
  });

  it('is lifted by `escalate`', async () => {
    const escalate = { apiGroups: [GROUP], resources: ['roles'], verbs: ['escalate'] };
    const { client } = await cluster.newAccount(project, [clerk, escalate]);
    expect((await client.post(roles(), role(one))).status).toBe(201);
  });
});

describe('roles and bindings', () => {
  it('a roleRef is never changed', async () => {
    const stored = await cluster.admin.create(project.rbac('rolebindings'), binding('ambient-project-view'));
    const path = `${project.rbac('rolebindings')}/${stored.metadata.name}`;
    const patch = { roleRef: { name: 'ambient-project-edit' } };
    const { status, body } = await cluster.admin.patch(path, patch);
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['roleRef']);
    expect(body.details.causes[0].message).toMatch(/: field is immutable$/);
  });

  it('rules without verbs or resources are 422, of the wrong JSON type 400', async () => {
    const post = (object: object) => cluster.admin.post(project.rbac('roles'), object);
    const { status, body } = await post(role({}));
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['rules[0].apiGroups', 'rules[0].resources', 'rules[0].verbs']);
    expect((await post(named('odd', { rules: 'all' }))).status).toBe(400);
  });

  it('references to other kinds are 422', async () => {
    const post = (object: object) => cluster.admin.post(project.rbac('rolebindings'), object);
    const { status, body } = await post(binding('x', 'Fish'));
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['roleRef.kind']);
    const fish = { ...binding('x'), subjects: [{ kind: 'Fish', name: 'x' }] };
    expect(causes((await post(fish)).body)).toContain('subjects[0].kind');
  });
});
