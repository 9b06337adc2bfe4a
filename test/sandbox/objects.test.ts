import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Client, core, job, jobs, named, sessions } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ runner: false });
  admin = new Client(sandbox).as(sandbox.identities.admin);
});
afterAll(() => sandbox.close());

const maps = core('configmaps');

describe('creating', () => {
  test('gives an object its identity', async () => {
    const { status, body } = await admin.post(maps, named('fresh', { data: { a: 'b' } }));
    expect(status).toBe(201);
    expect(body.metadata).toEqual({
      name: 'fresh',
      namespace: 'demo',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect((await admin.get(`${maps}/fresh`)).body).toEqual(body);
  });

  test('generates names', async () => {
    const { body } = await admin.post(maps, { metadata: { generateName: 'some-' } });
    expect(body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/);
    const long = await admin.post(maps, { metadata: { generateName: 'x'.repeat(80) } });
    expect(long.body.metadata.name).toHaveLength(63);
  });

  test('twice is AlreadyExists', async () => {
    await admin.post(sessions, named('twice'));
    const { status, body } = await admin.post(sessions, named('twice'));
    expect(status).toBe(409);
    expect(body).toMatchObject({
      reason: 'AlreadyExists',
      message: 'agenticsessions.vteam.ambient-code "twice" already exists',
      details: { name: 'twice', group: 'vteam.ambient-code', kind: 'agenticsessions' },
    });
  });

  test.each([
    [maps, { metadata: { name: 'No_Good' } }, 422],
    [maps, { metadata: { name: '..' } }, 422],
    [maps, { metadata: { name: 'x'.repeat(254) } }, 422],
    [maps, { metadata: {} }, 422],
    ['/api/v1/namespaces', { metadata: { name: 'dotted.name' } }, 422],
    [jobs, job('x'.repeat(64)), 422],
    [jobs, { metadata: { name: 'no-template' } }, 422],
    [maps, { metadata: { name: 'labels', labels: { a: 'x'.repeat(64) } } }, 422],
    [maps, { metadata: { name: 'labels', labels: { a: 1 } } }, 400],
    [maps, { metadata: { name: 'owners', ownerReferences: [{ kind: 'Job' }] } }, 400],
    [maps, { metadata: { name: 'elsewhere', namespace: 'research' } }, 400],
    [maps, { kind: 'Secret', metadata: { name: 'kind' } }, 400],
    [maps, { apiVersion: 'v2', metadata: { name: 'version' } }, 400],
    [maps, '{"metadata":', 400],
    [maps, '[]', 400],
    [core('configmaps', 'nowhere'), { metadata: { name: 'x' } }, 404],
    [core('secrets'), { metadata: { name: 'x' }, data: { a: 'not base64!' } }, 400],
  ])('in %s refuses %j with %i', async (path, body, status) => {
    const answer = await admin.post(path, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
  });

  test('with dryRun stores nothing', async () => {
    expect((await admin.post(`${maps}?dryRun=All`, named('dry'))).status).toBe(201);
    expect((await admin.get(`${maps}/dry`)).status).toBe(404);
  });

  test('a Secret keeps stringData as data', async () => {
    const secret = named('stringy', { data: { a: 'YQ==' }, stringData: { b: 'b' } });
    const { body } = await admin.post(core('secrets'), secret);
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'Yg==' } });
    expect(body.stringData).toBeUndefined();
  });
});

describe('updating', () => {
  test('replaces an object, with its resourceVersion as precondition', async () => {
    const { body: created } = await admin.post(sessions, named('put', { spec: { displayName: 'a' } }));
    const changed = { ...created, spec: { displayName: 'b' } };
    const { status, body: updated } = await admin.put(`${sessions}/put`, changed);
    expect(status).toBe(200);
    expect(updated.spec.displayName).toBe('b');
    expect(Number(updated.metadata.resourceVersion)).toBeGreaterThan(
      Number(created.metadata.resourceVersion),
    );
    const stale = await admin.put(`${sessions}/put`, changed);
    expect(stale.status).toBe(409);
    expect(stale.body).toMatchObject({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on agenticsessions.vteam.ambient-code "put": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'put', kind: 'agenticsessions' },
    });
  });

  test('of a custom resource needs a resourceVersion', async () => {
    await admin.post(sessions, named('unconditional'));
    expect((await admin.put(`${sessions}/unconditional`, named('unconditional'))).status).toBe(422);
  });

  test('changes neither name nor namespace nor UID', async () => {
    const { body } = await admin.post(maps, named('fixed'));
    const put = (metadata: object) =>
      admin.put(`${maps}/fixed`, { ...body, metadata: { ...body.metadata, ...metadata } });
    expect((await put({ name: 'other' })).status).toBe(400);
    expect((await put({ namespace: 'research' })).status).toBe(400);
    expect((await put({ uid: 'other' })).status).toBe(409);
    const { metadata } = (await put({ creationTimestamp: '2000-01-01T00:00:00Z', generation: 7 })).body;
    expect(metadata).toEqual(body.metadata);
  });

  test('with nothing new changes nothing', async () => {
    const { body } = await admin.post(maps, named('same', { data: { a: 'b' } }));
    expect((await admin.put(`${maps}/same`, body)).body).toEqual(body);
  });
});

describe('patching', () => {
  const path = `${maps}/patched`;
  const data = async (patch: unknown, type?: string) => (await admin.patch(path, patch, type)).body.data;
  beforeAll(() => admin.post(maps, named('patched', { data: { a: '1', b: '2' } })));

  test('merges as RFC 7396 says', async () => {
    expect(await data({ data: { a: null, c: '3' } })).toEqual({ b: '2', c: '3' });
  });

  test('applies the operations of RFC 6902', async () => {
    const operations = [
      { op: 'test', path: '/data/b', value: '2' },
      { op: 'add', path: '/data/x~1y', value: 'slash' },
      { op: 'replace', path: '/data/b', value: '4' },
      { op: 'copy', from: '/data/b', path: '/data/copied' },
      { op: 'move', from: '/data/c', path: '/data/moved' },
      { op: 'add', path: '/metadata/finalizers', value: ['example.com/a', 'example.com/c'] },
      { op: 'add', path: '/metadata/finalizers/1', value: 'example.com/b' },
      { op: 'remove', path: '/metadata/finalizers/0' },
      { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/d' },
    ];
    const { body } = await admin.patch(path, operations, 'json');
    expect(body.data).toEqual({ b: '4', 'x/y': 'slash', copied: '4', moved: '3' });
    expect(body.metadata.finalizers).toEqual(['example.com/b', 'example.com/c', 'example.com/d']);
  });

  test('changes nothing when an operation fails', async () => {
    const operations = [
      { op: 'add', path: '/data/lost', value: '1' },
      { op: 'test', path: '/data/b', value: 'wrong' },
    ];
    expect((await admin.patch(path, operations, 'json')).status).toBe(422);
    expect((await admin.get(path)).body.data.lost).toBeUndefined();
    expect((await admin.patch(path, [{ op: 'remove', path: '/data/none' }], 'json')).status).toBe(422);
    expect((await admin.patch(path, [{ op: 'dance' }], 'json')).status).toBe(400);
  });

  test('honours a resourceVersion in the patch', async () => {
    const stale = { metadata: { resourceVersion: '1' }, data: { b: '5' } };
    expect((await admin.patch(path, stale)).status).toBe(409);
    const { resourceVersion } = (await admin.get(path)).body.metadata;
    expect((await admin.patch(path, { ...stale, metadata: { resourceVersion } })).status).toBe(200);
  });

  test('merges strategically no custom resource and no list of objects', async () => {
    await admin.post(sessions, named('strategic'));
    const custom = await admin.patch(`${sessions}/strategic`, { spec: {} }, 'strategic-merge');
    expect(custom.status).toBe(415);
    expect(custom.body.reason).toBe('UnsupportedMediaType');
    expect((await admin.patch(path, { data: { d: '1' } }, 'strategic-merge')).status).toBe(200);
    const list = { metadata: { ownerReferences: [{ uid: 'x' }] } };
    expect((await admin.patch(path, list, 'strategic-merge')).status).toBe(415);
    expect((await admin.patch(path, { $patch: 'replace' }, 'strategic-merge')).status).toBe(415);
  });

  test('of what is not there is NotFound', async () => {
    const { status, body } = await admin.patch(`${maps}/missing`, {});
    expect(status).toBe(404);
    expect(body.message).toBe('configmaps "missing" not found');
  });
});
