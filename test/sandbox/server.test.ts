import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Client, core, named, sessions } from './client.ts';

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

  test('describes custom resources in OpenAPI', async () => {
    const { body } = await admin.get('/openapi/v3');
    const url = body.paths['apis/vteam.ambient-code/v1alpha1'].serverRelativeURL;
    const { components } = (await admin.get(url)).body;
    expect(components.schemas['ambient-code.vteam.v1alpha1.AgenticSession'].properties.spec).toBeDefined();
  });
});

describe('the server', () => {
  test.each(['/nothing', '/apis/none', '/apis/batch/v2', '/api/v1/unicorns', `${core('pods')}/x/exec`])(
    '%s is not found',
    async (path) => {
      const { status, body } = await admin.get(path);
      expect(status).toBe(404);
      expect(body).toMatchObject({ kind: 'Status', reason: 'NotFound' });
    },
  );

  test('knows methods that do not fit', async () => {
    expect((await admin.post(`${core('pods')}/x`, named('x'))).status).toBe(405);
    expect((await admin.post('/api/v1/pods', named('x'))).status).toBe(405);
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await admin.post(crds, named('x'))).status).toBe(405);
  });

  test('refuses paths that cannot be decoded', async () => {
    expect((await admin.get('/api/v1/namespaces/%zz')).status).toBe(400);
  });

  test('refuses bodies above 3 MiB', async () => {
    const large = named('large', { data: { a: 'x'.repeat(3 * 1024 * 1024) } });
    expect((await admin.post(core('configmaps'), large)).status).toBe(413);
  });

  test('refuses protobuf with 415', async () => {
    const type = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    expect((await admin.send('POST', core('configmaps'), 'k8s', type)).status).toBe(415);
  });

  test('reads YAML', async () => {
    const type = { 'content-type': 'application/yaml' };
    const { status } = await admin.send('POST', core('configmaps'), 'metadata: {name: from-yaml}', type);
    expect(status).toBe(201);
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
