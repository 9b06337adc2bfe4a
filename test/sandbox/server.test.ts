import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Client } from '../contract/client.ts';
import { core, sessions } from './paths.ts';

let sandbox: Sandbox;
let admin: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ runner: false });
  admin = new Client(sandbox).as(sandbox.identities.admin);
});
afterAll(() => sandbox.close());

describe('discovery', () => {
  test('lists the groups and their resources', async () => {
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

  test('says of itself that it is not Kubernetes', async () => {
    expect((await admin.get('/version')).body.platform).toContain('not Kubernetes');
  });
});

describe('what it does not do', () => {
  test('definitions of custom resources are those it was started with', async () => {
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await admin.get(crds)).body.items).toHaveLength(2);
    expect((await admin.post(crds, { metadata: { name: 'x' } })).status).toBe(405);
  });

  test('nobody impersonates', async () => {
    const { status, body } = await admin.get(sessions, { 'impersonate-user': 'alice' });
    expect(status).toBe(403);
    expect(body.message).toContain('cannot impersonate resource "users"');
  });

  test('it reads JSON alone', async () => {
    for (const type of ['application/vnd.kubernetes.protobuf', 'application/yaml']) {
      const answer = await admin.send('POST', core('configmaps'), 'k8s', { 'content-type': type });
      expect(answer.status).toBe(415);
    }
  });

  test('lists of objects are not merged strategically', async () => {
    await admin.post(core('configmaps'), { metadata: { name: 'strategic' } });
    const path = `${core('configmaps')}/strategic`;
    const list = { metadata: { ownerReferences: [{ uid: 'x' }] } };
    expect((await admin.patch(path, list, 'strategic-merge')).status).toBe(415);
    expect((await admin.patch(path, { $patch: 'replace' }, 'strategic-merge')).status).toBe(415);
  });

  test('a watch does not send the initial list', async () => {
    expect((await admin.get(`${sessions}?watch=true&sendInitialEvents=true`)).status).toBe(422);
  });

  test('paths that cannot be decoded are 400', async () => {
    expect((await admin.get('/api/v1/namespaces/%zz')).status).toBe(400);
  });
});

describe('the server', () => {
  test('knows its people, and its backend as a service account', async () => {
    for (const { token, username, uid, groups } of Object.values(sandbox.identities)) {
      const { body } = await admin.as(token).post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
      expect(body.status.userInfo).toEqual({ username, uid, groups });
    }
    expect(sandbox.identities.backend.groups).toContain('system:serviceaccounts:writ-system');
  });

  test('records every request, refused ones too, and echoes the audit id', async () => {
    const before = sandbox.requests.length;
    const victor = admin.as(sandbox.identities.victor);
    const headers = { 'audit-id': 'request-7.1', 'user-agent': 'writ/test' };
    const answer = await victor.get(`${sessions}?limit=1`, headers);
    expect(answer.headers['audit-id']).toBe('request-7.1');
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

  test('counts its connections, and trusts nobody by default', async () => {
    const before = sandbox.connections();
    expect(before).toBeGreaterThan(0);
    await new Client(sandbox).get('/version');
    expect(sandbox.connections()).toBe(before + 1);
    await expect(fetch(`${sandbox.server}/version`)).rejects.toThrow();
  });

  test('starts quickly', async () => {
    const started = performance.now();
    await (await startSandbox()).close();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
