import { describe, expect, it } from 'vitest';
import { NAMESPACES, named, session } from '../support/objects.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

const failure = (code: number, reason: string, more: object) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason,
  code,
  ...more,
});
const group = 'vteam.ambient-code';

describe('401', () => {
  it.each(['nobody', 'a.b.c', '{}'])('a token that the cluster does not know (%s)', async (token) => {
    const { status, body } = await cluster.as({ token }).get(project.sessions);
    expect(status).toBe(401);
    expect(body).toEqual(failure(401, 'Unauthorized', { message: 'Unauthorized' }));
  });

  it('no header is no 401 but system:anonymous, and so is one that is not a bearer token', async () => {
    const plain = await cluster.anonymous.get(project.sessions);
    const basic = await cluster.anonymous.get(project.sessions, { authorization: 'Basic YTpi' });
    for (const { status, body } of [plain, basic]) {
      expect(status).toBe(403);
      expect(body.message).toContain('User "system:anonymous" cannot list resource "agenticsessions"');
    }
  });

  it('anonymous requests may read version and health', async () => {
    expect((await cluster.anonymous.get('/version')).body.gitVersion).toMatch(/^v1\.\d+\./);
    expect((await cluster.anonymous.get('/readyz')).body).toBe('ok');
  });
});

describe('403', () => {
  it('names user, verb, resource, group and namespace', async () => {
    const { status, body } = await cluster.as('victor').post(project.sessions, session('x'));
    expect(status).toBe(403);
    const message = `agenticsessions.vteam.ambient-code is forbidden: User "victor" cannot create resource "agenticsessions" in API group "vteam.ambient-code" in the namespace "${project.name}"`;
    expect(body).toEqual(failure(403, 'Forbidden', { message, details: { group, kind: 'agenticsessions' } }));
  });

  it('names the object and the subresource', async () => {
    const { body } = await cluster.as('mallory').get(`${project.core('pods')}/p/log`);
    const message = `pods "p" is forbidden: User "mallory" cannot get resource "pods/log" in API group "" in the namespace "${project.name}"`;
    expect(body).toEqual(failure(403, 'Forbidden', { message, details: { name: 'p', kind: 'pods' } }));
  });

  it('says when it is about the whole cluster, or about a path', async () => {
    const secrets = await cluster.as('victor').get('/api/v1/secrets');
    expect(secrets.body.message).toBe(
      'secrets is forbidden: User "victor" cannot list resource "secrets" in API group "" at the cluster scope',
    );
    const metrics = await cluster.as('mallory').get('/metrics');
    expect(metrics.body.message).toBe('forbidden: User "mallory" cannot get path "/metrics"');
  });

  it('comes before 404, of a namespace too', async () => {
    const nowhere = project.sessions.replace(project.name, 'contract-nowhere');
    expect((await cluster.as('alice').get(`${nowhere}/x`)).status).toBe(403);
    expect((await cluster.as('alice').delete(`${project.sessions}/none`)).status).toBe(403);
  });
});

describe('404', () => {
  it('names the object that is not there', async () => {
    const { status, body } = await cluster.admin.get(`${project.sessions}/none`);
    expect(status).toBe(404);
    const message = 'agenticsessions.vteam.ambient-code "none" not found';
    const details = { name: 'none', group, kind: 'agenticsessions' };
    expect(body).toEqual(failure(404, 'NotFound', { message, details }));
  });

  it('names the namespace that is not there', async () => {
    const nowhere = project.sessions.replace(project.name, 'contract-nowhere');
    const { status, body } = await cluster.admin.post(nowhere, session('x'));
    expect(status).toBe(404);
    expect(body.message).toBe('namespaces "contract-nowhere" not found');
    const list = await cluster.admin.get(nowhere);
    expect(list.status).toBe(200);
    expect(list.body.items).toEqual([]);
  });

  it.each([
    '/api/v1/unicorns',
    '/apis/batch/v2',
    `${NAMESPACES}/default/unicorns`,
    `${NAMESPACES}/default/pods/x/unicorn`,
  ])('%s is not found, with a Status', async (path) => {
    const { status, body } = await cluster.admin.get(path);
    expect(status).toBe(404);
    const message = 'the server could not find the requested resource';
    expect(body).toEqual(failure(404, 'NotFound', { message, details: {} }));
  });

  it.each(['/nothing', '/apis/none', '/apis/vteam.ambient-code/v1alpha1/unicorns'])(
    '%s is not found, in plain text',
    async (path) => {
      const { status, body, headers } = await cluster.admin.get(path);
      expect(status).toBe(404);
      expect(headers['content-type']).toContain('text/plain');
      expect(body).toBe('404 page not found\n');
    },
  );
});

describe('405', () => {
  it('a method that does not fit the path', async () => {
    const { status, body } = await cluster.admin.post(`${project.core('configmaps')}/x`, named('x'));
    expect(status).toBe(405);
    const message = 'the server does not allow this method on the requested resource';
    expect(body).toEqual(failure(405, 'MethodNotAllowed', { message, details: {} }));
  });

  it('a write to a namespaced collection without a namespace, a read of what is only asked', async () => {
    expect((await cluster.admin.post('/api/v1/configmaps', named('x'))).status).toBe(405);
    expect((await cluster.admin.delete('/api/v1/configmaps')).status).toBe(405);
    expect((await cluster.admin.put(project.core('configmaps'), named('x'))).status).toBe(405);
    const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    expect((await cluster.admin.get(reviews)).status).toBe(405);
    expect((await cluster.admin.get(`${project.core('serviceaccounts')}/x/token`)).status).toBe(405);
  });
});

describe('409', () => {
  it('AlreadyExists names the object', async () => {
    await cluster.admin.create(project.sessions, session('twice'));
    const { status, body } = await cluster.admin.post(project.sessions, session('twice'));
    expect(status).toBe(409);
    const message = 'agenticsessions.vteam.ambient-code "twice" already exists';
    const details = { name: 'twice', group, kind: 'agenticsessions' };
    expect(body).toEqual(failure(409, 'AlreadyExists', { message, details }));
  });

  it('Conflict says to apply the changes to the latest version', async () => {
    const old = await cluster.admin.create(project.sessions, session('stale'));
    const changed = { ...old, spec: { displayName: 'changed' } };
    await cluster.admin.put(`${project.sessions}/stale`, changed);
    const { status, body } = await cluster.admin.put(`${project.sessions}/stale`, changed);
    expect(status).toBe(409);
    const message =
      'Operation cannot be fulfilled on agenticsessions.vteam.ambient-code "stale": the object has been modified; please apply your changes to the latest version and try again';
    const details = { name: 'stale', group, kind: 'agenticsessions' };
    expect(body).toEqual(failure(409, 'Conflict', { message, details }));
  });
});

describe('bodies', () => {
  it.each(['{"metadata":', '[]', '"x"', ''])('%j is 400', async (body) => {
    for (const path of [project.core('configmaps'), project.sessions]) {
      const answer = await cluster.admin.post(path, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ kind: 'Status', reason: 'BadRequest', code: 400 });
    }
  });

  it('of another kind are 400; a custom resource says so with 422', async () => {
    const post = async (path: string, object: object) => (await cluster.admin.post(path, object)).status;
    expect(await post(project.core('configmaps'), named('k', { kind: 'Secret' }))).toBe(400);
    expect(await post(project.core('configmaps'), named('k', { apiVersion: 'v2' }))).toBe(400);
    expect(await post(project.sessions, { ...session('k'), apiVersion: 'v1' })).toBe(400);
    expect(await post(project.sessions, { ...session('k'), kind: 'Secret' })).toBe(422);
  });

  it('of a custom resource need apiVersion and kind, of a built-in one they do not', async () => {
    const { status, body } = await cluster.admin.post(project.sessions, named('untyped'));
    expect(status).toBe(400);
    expect(body.message).toContain("Object 'Kind' is missing in");
    expect((await cluster.admin.post(project.core('configmaps'), named('untyped'))).status).toBe(201);
  });

  it('for another namespace than the URL are 400', async () => {
    const elsewhere = { metadata: { name: 'x', namespace: 'default' } };
    const { status, body } = await cluster.admin.post(project.core('configmaps'), elsewhere);
    expect(status).toBe(400);
    expect(body.message).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  });

  it('of an unknown media type are 415, of more than 3 MiB 413', async () => {
    const type = { 'content-type': 'text/plain' };
    const unknown = await cluster.admin.send('POST', project.core('configmaps'), named('x'), type);
    expect(unknown.status).toBe(415);
    expect(unknown.body.reason).toBe('UnsupportedMediaType');
    const large = named('large', { data: { a: 'x'.repeat(3 * 1024 * 1024) } });
    const { status, body } = await cluster.admin.post(project.core('configmaps'), large);
    expect(status).toBe(413);
    expect(body.reason).toBe('RequestEntityTooLarge');
  });
});

it('the Audit-ID of a request comes back with the answer, refused or not', async () => {
  for (const who of ['alice', 'mallory'] as const) {
    const headers = { 'audit-id': `contract-${who}.1` };
    const answer = await cluster.as(who).get(project.sessions, headers);
    expect(answer.headers['audit-id']).toBe(`contract-${who}.1`);
  }
});
