import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { heldPod, NAMESPACES, named, session } from '../support/objects.ts';
import { allowed, contractCluster, names } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

const group = 'vteam.ambient-code';

describe('a RoleBinding to a ClusterRole', () => {
  it('reaches its namespace and neither another nor the cluster', async () => {
    const another = await cluster.newProject();
    const own = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    ]);
    expect((await own.client.get(project.core('pods'))).status).toBe(200);
    expect((await own.client.get(another.core('pods'))).status).toBe(403);
    expect((await own.client.get('/api/v1/pods')).status).toBe(403);
  });

  it('lets `get` its own namespace as an object', async () => {
    const { status, body } = await cluster.as('victor').get(`${NAMESPACES}/${project.name}`);
    expect(status).toBe(200);
    expect(body.metadata.labels['ambient-code.io/managed']).toBe('true');
  });
});

describe('the roles of a project', () => {
  it('view reads sessions and no secrets', async () => {
    const victor = cluster.as('victor');
    expect((await victor.get(project.sessions)).status).toBe(200);
    expect((await victor.get(project.core('secrets'))).status).toBe(403);
    expect((await victor.post(project.sessions, session('x'))).status).toBe(403);
  });

  it('edit creates and changes sessions, and deletes nothing, nor makes what a run is made of', async () => {
    const alice = cluster.as('alice');
    expect((await alice.post(project.sessions, session('by-alice'))).status).toBe(201);
    const path = `${project.sessions}/by-alice`;
    expect((await alice.patch(path, { spec: { displayName: 'x' } })).status).toBe(200);
    expect((await alice.patch(`${path}/status`, { status: {} })).status).toBe(403);
    expect((await alice.delete(path)).status).toBe(403);
    expect((await alice.delete(project.sessions)).status).toBe(403);
    const others = [
      ...['secrets', 'serviceaccounts', 'pods'].map(project.core),
      ...['roles', 'rolebindings'].map(project.rbac),
      project.jobs,
    ];
    for (const other of others) expect((await alice.post(other, named('x'))).status).toBe(403);
  });

  it("Writ's backend reads nothing but the status of a session", async () => {
    const backend = cluster.as('backend');
    await cluster.admin.create(project.sessions, session('read'));
    expect((await backend.get(`${project.sessions}/read/status`)).status).toBe(200);
    const others = [
      project.sessions,
      `${project.sessions}/read`,
      project.jobs,
      project.core('secrets'),
      project.core('pods'),
      project.rbac('roles'),
    ];
    for (const path of others) expect((await backend.get(path)).status).toBe(403);
  });

  it('everybody who is authenticated lists namespaces', async () => {
    const { body } = await cluster
      .as('mallory')
      .get(`${NAMESPACES}?labelSelector=ambient-code.io/managed=true`);
    expect(names(body)).toContain(project.name);
  });
});

describe('resourceNames', () => {
  const rule = { apiGroups: [''], resources: ['secrets'], resourceNames: ['the-one'], verbs: ['*'] };

  it('allow the named object, by name or by a field selector on its name, and no other', async () => {
    const { client } = await cluster.newAccount(project, [rule]);
    const secrets = project.core('secrets');
    await cluster.admin.post(secrets, named('the-one'));
    await cluster.admin.post(secrets, named('another'));
    expect((await client.get(`${secrets}/the-one`)).status).toBe(200);
    expect((await client.get(`${secrets}/another`)).status).toBe(403);
    expect((await client.get(secrets)).status).toBe(403);
    const selected = await client.get(`${secrets}?fieldSelector=metadata.name=the-one`);
    expect(names(selected.body)).toEqual(['the-one']);
    expect((await client.get(`${secrets}?fieldSelector=metadata.name=another`)).status).toBe(403);
    expect((await client.patch(`${secrets}/the-one`, { data: {} })).status).toBe(200);
    expect((await client.delete(secrets)).status).toBe(403);
    expect((await client.delete(`${secrets}/the-one`)).status).toBe(200);
  });

  it('never allow a create of a collection: its request has no name', async () => {
    const { client } = await cluster.newAccount(project, [rule]);
    expect((await client.post(project.core('secrets'), named('the-one'))).status).toBe(403);
  });
});

describe('subresources', () => {
  it('are rights of their own', async () => {
    const pods = project.core('pods');
    await cluster.admin.create(pods, heldPod('quiet'));
    const reader = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['pods'], verbs: ['*'] },
      { apiGroups: [group], resources: ['agenticsessions'], verbs: ['*'] },
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['*'] },
    ]);
    await cluster.admin.create(project.sessions, session('sub'));
    await cluster.admin.create(project.core('serviceaccounts'), named('sub'));
    const { client } = reader;
    expect((await client.get(`${pods}/quiet`)).status).toBe(200);
    expect((await client.get(`${pods}/quiet/log`)).status).toBe(403);
    expect((await client.patch(`${project.sessions}/sub/status`, { status: {} })).status).toBe(403);
    expect((await client.post(`${project.core('serviceaccounts')}/sub/token`, {})).status).toBe(403);
  });

  it('of one name are what a runner gets: its own session and no other, and the status alone', async () => {
    const { client } = await cluster.newAccount(project, [
      {
        apiGroups: [group],
        resources: ['agenticsessions/status'],
        resourceNames: ['mine'],
        verbs: ['get', 'patch'],
      },
    ]);
    await cluster.admin.create(project.sessions, session('mine', { spec: {} }));
    await cluster.admin.create(project.sessions, session('theirs', { spec: {} }));
    const patch = { status: { phase: 'Running' }, spec: { displayName: 'x' } };
    const mine = await client.patch(`${project.sessions}/mine/status`, patch);
    expect(mine.status).toBe(200);
    expect(mine.body.spec.displayName).toBeUndefined();
    expect((await client.get(`${project.sessions}/mine/status`)).status).toBe(200);
    expect((await client.patch(`${project.sessions}/theirs/status`, patch)).status).toBe(403);
    expect((await client.get(`${project.sessions}/mine`)).status).toBe(403);
    expect((await client.patch(`${project.sessions}/mine`, patch)).status).toBe(403);
  });
});

it('a virtual resource, which nobody serves, can be granted and reviewed; a request for it is 404', async () => {
  const name = `contract-${crypto.randomUUID()}`;
  const { client, name: account } = await cluster.newAccount(project);
  const attributes = { verb: 'create', group: 'project.openshift.io', resource: 'projectrequests' };
  const path = '/apis/project.openshift.io/v1/projectrequests';
  expect(await allowed(client, attributes)).toBe(false);
  expect((await client.post(path, {})).status).toBe(403);
  const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const rules = [{ apiGroups: ['project.openshift.io'], resources: ['projectrequests'], verbs: ['create'] }];
  await cluster.admin.create(roles, { metadata: { name }, rules });
  await cluster.admin.create(roles.replace('roles', 'rolebindings'), {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: project.name, name: account }],
  });
  await eventually(async () => expect(await allowed(client, attributes)).toBe(true));
  expect((await client.post(path, {})).status).toBe(404);
});
