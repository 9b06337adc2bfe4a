import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid phase');

describe('the table of which operation uses which identity', () => {
  const writ = startWrit();

  it('lists resources in a namespace with the user token', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', '{ project(name: "demo") { sessions { nodes { name } } } }'),
    );
    expect(requests.map((request) => request.user)).not.toContain(BACKEND);
    expect(requests).toContainEqual(
      expect.objectContaining({ user: 'alice', verb: 'list', resource: 'agenticsessions' }),
    );
  });

  it('gets a specific resource with the user token', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('victor', '{ session(project: "demo", name: "fix-cart-rounding") { name } }'),
    );
    expect(requests).toContainEqual(
      expect.objectContaining({ user: 'victor', verb: 'get', resource: 'agenticsessions' }),
    );
    expect(requests.map((request) => request.user)).not.toContain(BACKEND);
  });

  it('checks RBAC permissions with the user token', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as(
        'mallory',
        '{ viewer { can(verb: "create", resource: "secrets", namespace: "demo") { allowed } } }',
      ),
    );
    const reviews = requests.filter((request) => request.resource === 'selfsubjectaccessreviews');
    expect(reviews.map((request) => request.user)).toEqual(['mallory']);
  });

  it('creates the custom resource with the service account, after the user was authorized', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', CREATE, { input: { project: 'demo', start: false } }),
    );
    const written = requests.findIndex((r) => r.resource === 'agenticsessions' && r.verb === 'create');
    expect(requests[written]).toMatchObject({ user: BACKEND, status: 201 });
    const before = requests.slice(0, written);
    const review = before.find(({ resource }) => resource === 'selfsubjectaccessreviews');
    expect(review?.respondedAt).toBeLessThanOrEqual(requests[written]?.receivedAt ?? 0);
    expect(review).toMatchObject({
      user: 'alice',
      body: {
        spec: { resourceAttributes: { verb: 'create', resource: 'agenticsessions', namespace: 'demo' } },
      },
    });
  });

  it('updates the status of the custom resource with the service account', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', CREATE, { input: { project: 'demo', start: false } }),
    );
    expect(requests).toContainEqual(
      expect.objectContaining({
        user: BACKEND,
        verb: 'patch',
        resource: 'agenticsessions',
        subresource: 'status',
      }),
    );
  });

  it('deletes a resource that the user created with the user token', async () => {
    const { result } = await writ.requestsDuring(() =>
      writ.as('alice', CREATE, { input: { project: 'demo', start: false } }),
    );
    const { name } = result.data.createSession.session;
    const { requests } = await writ.requestsDuring(() =>
      writ.as(
        'admin',
        'mutation ($name: String!) { deleteSession(project: "demo", name: $name) { deletedId } }',
        { name },
      ),
    );
    const deletes = requests.filter((request) => request.verb === 'delete');
    expect(deletes).toEqual([expect.objectContaining({ user: 'admin', name, status: 200 })]);
    expect((await writ.kubernetes('admin').get(`${SESSIONS('demo')}/${name}`)).status).toBe(404);
  });

  it('mints the service account token of a run with the service account', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', CREATE, { input: { project: 'demo' } }),
    );
    const minted = requests.filter((request) => request.subresource === 'token');
    expect(minted).toEqual([
      expect.objectContaining({ user: BACKEND, verb: 'create', resource: 'serviceaccounts', status: 201 }),
    ]);
  });

  it('creates the Job of a session with the service account', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', CREATE, { input: { project: 'demo' } }),
    );
    const jobs = requests.filter((request) => request.resource === 'jobs');
    expect(jobs).toEqual([expect.objectContaining({ user: BACKEND, verb: 'create', status: 201 })]);
  });

  it('leaves no orphan to clean up: the cluster collects all that a session owns', async () => {
    const { data } = await writ.as('alice', CREATE, { input: { project: 'demo' } });
    const { name, uid } = data.createSession.session;
    const admin = writ.kubernetes('admin');
    const children = async () => {
      const paths = [
        '/api/v1/namespaces/demo/secrets',
        '/api/v1/namespaces/demo/serviceaccounts',
        '/apis/batch/v1/namespaces/demo/jobs',
        '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/roles',
        '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings',
      ];
      const lists = await Promise.all(paths.map((path) => admin.get(path)));
      return lists.flatMap(({ body }) => body.items).filter((item) => item.metadata.name.includes(uid));
    };
    expect(await children()).toHaveLength(5);
    await writ.as(
      'admin',
      'mutation ($name: String!) { deleteSession(project: "demo", name: $name) { deletedId } }',
      { name },
    );
    await eventually(async () => expect(await children()).toEqual([]));
  });
});
