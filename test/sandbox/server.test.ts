import { describe, expect, it } from 'vitest';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { core, sessions } from './paths.ts';

const sandbox = startTestCluster();
const admin = sandbox.as('admin');

describe('discovery', () => {
  it('lists the groups and their resources', async () => {
    expect((await admin.get('/api')).body.versions).toEqual(['v1']);
    const groups = (await admin.get('/apis')).body.groups.map((g: { name: string }) => g.name);
    expect(groups).toEqual(expect.arrayContaining(['batch', 'vteam.ambient-code', 'authentication.k8s.io']));
    const { body } = await admin.get('/apis/vteam.ambient-code/v1alpha1');
    expect(body.resources[0]).toMatchObject({
      name: 'agenticsessions',
      shortNames: ['as'],
      namespaced: true,
    });
    expect((await admin.get('/apis/batch')).body.preferredVersion.version).toBe('v1');
  });

  it('states in its version that it is not Kubernetes', async () => {
    expect((await admin.get('/version')).body.platform).toContain('not Kubernetes');
  });
});

describe('a request that the sandbox does not support', () => {
  it('fails with 405 if it creates a custom resource definition', async () => {
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await admin.get(crds)).body.items).toHaveLength(2);
    expect((await admin.post(crds, { metadata: { name: 'x' } })).status).toBe(405);
  });

  it('fails with 415 if its body is of another media type', async () => {
    const type = { 'content-type': 'application/cbor' };
    expect((await admin.send('POST', core('configmaps'), 'k8s', type)).status).toBe(415);
  });

  it('fails with 422 if it watches with initial events', async () => {
    expect((await admin.get(`${sessions}?watch=true&sendInitialEvents=true`)).status).toBe(422);
  });
});

describe('the server', () => {
  it('authenticates its users, and its backend as a service account', async () => {
    for (const { token, username, uid, groups } of Object.values(sandbox.identities)) {
      const { body } = await admin.as(token).post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
      expect(body.status.userInfo).toEqual({ username, uid, groups });
    }
    expect(sandbox.identities.backend.groups).toContain('system:serviceaccounts:writ-system');
  });

  it('records every request, refused ones included, and returns the audit ID', async () => {
    const before = sandbox.requests.length;
    const victor = sandbox.as('victor');
    const headers = { 'audit-id': 'request-7.1', 'user-agent': 'writ/test' };
    const response = await victor.get(`${sessions}?limit=1`, headers);
    expect(response.headers['audit-id']).toBe('request-7.1');
    await victor.delete(`${sessions}/migrate-ci`);
    await admin.as('bad').get(`${core('pods')}/p/log`);
    const spec = { resourceAttributes: { verb: 'get', resource: 'pods' } };
    await victor.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec });
    const group = 'vteam.ambient-code';
    expect(sandbox.requests.slice(before)).toMatchObject([
      {
        user: 'victor',
        method: 'GET',
        path: `${sessions}?limit=1`,
        verb: 'list',
        group,
        resource: 'agenticsessions',
        namespace: 'demo',
        auditId: 'request-7.1',
        userAgent: 'writ/test',
        status: 200,
      },
      { user: 'victor', verb: 'delete', group, name: 'migrate-ci', status: 403 },
      { user: '', verb: 'get', resource: 'pods', subresource: 'log', name: 'p', status: 401 },
      { user: 'victor', verb: 'create', resource: 'selfsubjectaccessreviews', status: 201, body: { spec } },
    ]);
  });

  it('responds with 400 to a path that cannot be decoded', async () => {
    expect((await admin.get('/api/v1/namespaces/%zz')).status).toBe(400);
  });

  it('counts its connections, and has a certificate that no client trusts by default', async () => {
    const before = sandbox.connections();
    expect(before).toBeGreaterThan(0);
    await new KubernetesClient(sandbox).get('/version');
    expect(sandbox.connections()).toBe(before + 1);
    await expect(fetch(`${sandbox.server}/version`)).rejects.toThrow();
  });
});
