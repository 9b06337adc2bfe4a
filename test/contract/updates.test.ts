import { beforeAll, describe, expect, it } from 'vitest';
import type { Body } from '../support/kubernetes-client.ts';
import { named, session } from '../support/objects.ts';
import { causes, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const maps = project.core('configmaps');

const anotherUid = '5e551000-0000-4000-8000-000000000001';
const immutable = (field: string, value: string) => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: "${value}": field is immutable`,
});

describe('PUT', () => {
  it('replaces the object and counts the resourceVersion up', async () => {
    const spec = { displayName: 'a', repos: [{ url: 'https://a' }] };
    const created = await cluster.admin.create(project.sessions, session('put', { spec }));
    const { status, body } = await cluster.admin.put(`${project.sessions}/put`, {
      ...created,
      spec: { displayName: 'b' },
    });
    expect(status).toBe(200);
    expect(body.spec).toEqual({ displayName: 'b', timeout: 300 });
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    expect(body.metadata.uid).toBe(created.metadata.uid);
  });

  it('of a custom resource needs a resourceVersion, of a built-in object it does not', async () => {
    await cluster.admin.create(project.sessions, session('unconditional'));
    const { status, body } = await cluster.admin.put(
      `${project.sessions}/unconditional`,
      session('unconditional'),
    );
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['metadata.resourceVersion']);
    await cluster.admin.create(maps, named('unconditional'));
    const changed = named('unconditional', { data: { a: 'b' } });
    expect((await cluster.admin.put(`${maps}/unconditional`, changed)).status).toBe(200);
  });

  it('with another UID is a Conflict, with another name or namespace 400', async () => {
    const { metadata } = await cluster.admin.create(maps, named('fixed'));
    const put = (more: object) => cluster.admin.put(`${maps}/fixed`, { metadata: { ...metadata, ...more } });
    const wrong = await put({ uid: anotherUid });
    expect(wrong.status).toBe(409);
    expect(wrong.body.reason).toBe('Conflict');
    expect(wrong.body.message).toContain(`UID in precondition: ${anotherUid}, UID in object meta: `);
    expect((await put({ name: 'other' })).status).toBe(400);
    expect((await put({ namespace: 'default' })).status).toBe(400);
  });

  it('with nothing new changes nothing, not even the resourceVersion', async () => {
    const created = await cluster.admin.create(maps, named('same', { data: { a: 'b' } }));
    expect((await cluster.admin.put(`${maps}/same`, created)).body).toEqual(created);
  });

  it('of what is not there is 404', async () => {
    const none = session('none', { metadata: { name: 'none', resourceVersion: '1' } });
    expect((await cluster.admin.put(`${project.sessions}/none`, none)).status).toBe(404);
  });
});

describe('a merge patch', () => {
  it('merges objects, replaces lists and removes with null (RFC 7396)', async () => {
    const spec = {
      displayName: 'a',
      repos: [{ url: 'https://a' }],
      activeWorkflow: { gitUrl: 'u', path: 'p' },
    };
    await cluster.admin.create(project.sessions, session('merged', { spec }));
    const patch = {
      spec: { displayName: null, repos: [{ url: 'https://b' }], activeWorkflow: { path: 'q' } },
    };
    const { body } = await cluster.admin.patch(`${project.sessions}/merged`, patch);
    expect(body.spec).toEqual({
      timeout: 300,
      repos: [{ url: 'https://b', branch: 'main' }],
      activeWorkflow: { gitUrl: 'u', path: 'q' },
    });
  });

  it('with nothing new changes nothing', async () => {
    const created = await cluster.admin.create(maps, named('unpatched', { data: { a: 'b' } }));
    expect((await cluster.admin.patch(`${maps}/unpatched`, { data: { a: 'b' } })).body).toEqual(created);
  });

  it('cannot set what the server sets', async () => {
    const created = await cluster.admin.create(project.sessions, session('owned'));
    const path = `${project.sessions}/owned`;
    const ignored = { creationTimestamp: '2000-01-01T00:00:00Z', generation: 9 };
    const { body } = await cluster.admin.patch(path, { metadata: ignored });
    expect(body.metadata).toEqual(created.metadata);
    const deleted = await cluster.admin.patch(path, {
      metadata: { deletionTimestamp: '2000-01-01T00:00:00Z' },
    });
    expect(deleted.status).toBe(422);
    expect(causes(deleted.body)).toContain('metadata.deletionTimestamp');
    expect((await cluster.admin.patch(path, { metadata: { name: 'other' } })).status).toBe(400);
    expect((await cluster.admin.patch(path, { metadata: { namespace: 'default' } })).status).toBe(400);
  });

  it('of what is not there is NotFound, of the wrong form 400', async () => {
    const { status, body } = await cluster.admin.patch(`${maps}/missing`, {});
    expect(status).toBe(404);
    expect(body.message).toBe('configmaps "missing" not found');
    await cluster.admin.create(maps, named('form'));
    expect((await cluster.admin.patch(`${maps}/form`, [])).status).toBe(400);
  });
});

describe('preconditions in a merge patch', () => {
  const places = [
    ['a session', () => project.sessions, session, ''],
    ["a session's status", () => project.sessions, session, '/status'],
    ['a Secret', () => project.core('secrets'), named, ''],
  ] as const;

  const patchOf = (suffix: string, metadata: object) => ({
    metadata,
    ...(suffix ? { status: { phase: 'Failed' } } : { data: { a: 'YQ==' } }),
  });

  it.each(places)('on %s: a stale metadata.resourceVersion is a Conflict', async (_, path, make, suffix) => {
    const name = `stale${suffix.replace('/', '-')}`;
    const { metadata } = await cluster.admin.create(path(), make(name));
    const target = `${path()}/${name}${suffix}`;
    const current = { resourceVersion: metadata.resourceVersion };
    await cluster.admin.patch(`${path()}/${name}`, { metadata: { labels: { changed: 'yes' } } });
    const { status, body } = await cluster.admin.patch(target, patchOf(suffix, current));
    expect(status).toBe(409);
    expect(body.reason).toBe('Conflict');
    const latest = (await cluster.admin.get(`${path()}/${name}`)).body.metadata.resourceVersion;
    const fresh = await cluster.admin.patch(target, patchOf(suffix, { resourceVersion: latest }));
    expect(fresh.status).toBe(200);
  });

  it.each([places[0], places[2]])(
    'on %s: another metadata.uid is 422, not 409, and nothing is written',
    async (_, path, make) => {
      const created = await cluster.admin.create(path(), make('pinned'));
      const target = `${path()}/pinned`;
      const wrong = { uid: anotherUid };
      const { status, body } = await cluster.admin.patch(target, patchOf('', wrong));
      expect(status).toBe(422);
      expect(body.reason).toBe('Invalid');
      expect(body.details.causes).toContainEqual(immutable('metadata.uid', anotherUid));
      expect((await cluster.admin.get(target)).body).toEqual(created);
      const right = { uid: created.metadata.uid };
      expect((await cluster.admin.patch(target, patchOf('', right))).status).toBe(200);
    },
  );

  it("on a session's status: metadata.uid is NO precondition, the write happens", async () => {
    await cluster.admin.create(project.sessions, session('unpinned'));
    const target = `${project.sessions}/unpinned/status`;
    const { status, body } = await cluster.admin.patch(target, patchOf('/status', { uid: anotherUid }));
    expect(status).toBe(200);
    expect(body.status.phase).toBe('Failed');
    expect(body.metadata.uid).not.toBe(anotherUid);
  });

  it("on a session's status: a JSON patch that tests /metadata/uid is one", async () => {
    const { metadata } = await cluster.admin.create(project.sessions, session('tested'));
    const target = `${project.sessions}/tested/status`;
    const patch = (uid: string) => [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/status', value: { phase: 'Failed' } },
    ];
    expect((await cluster.admin.patch(target, patch(anotherUid), 'json')).status).toBe(422);
    expect((await cluster.admin.get(target)).body.status).toBeUndefined();
    expect((await cluster.admin.patch(target, patch(metadata.uid), 'json')).status).toBe(200);
  });

  it("on a session's status: a PUT with another UID is a Conflict", async () => {
    const created = await cluster.admin.create(project.sessions, session('replaced'));
    const metadata = { ...created.metadata, uid: anotherUid };
    const path = `${project.sessions}/replaced/status`;
    expect((await cluster.admin.put(path, { ...created, metadata })).status).toBe(409);
  });

  it('taken out with null: a custom resource cannot be written then, a built-in object can', async () => {
    await cluster.admin.create(project.sessions, session('nulled'));
    await cluster.admin.create(maps, named('nulled'));
    const patch = { metadata: { resourceVersion: null, labels: { a: 'b' } } };
    expect((await cluster.admin.patch(`${project.sessions}/nulled`, patch)).status).toBe(422);
    expect((await cluster.admin.patch(`${maps}/nulled`, patch)).status).toBe(200);
  });
});

describe('a JSON patch', () => {
  const path = () => `${maps}/patched`;
  beforeAll(() => cluster.admin.create(maps, named('patched', { data: { b: '2', c: '3' } })));

  it('applies its operations in order (RFC 6902)', async () => {
    const operations = [
      { op: 'test', path: '/data/b', value: '2' },
      { op: 'add', path: '/metadata/labels', value: { 'x.y/z': 'slash' } },
      { op: 'replace', path: '/metadata/labels/x.y~1z', value: 'other' },
      { op: 'replace', path: '/data/b', value: '4' },
      { op: 'copy', from: '/data/b', path: '/data/copied' },
      { op: 'move', from: '/data/c', path: '/data/moved' },
      { op: 'add', path: '/metadata/finalizers', value: ['example.com/a', 'example.com/c'] },
      { op: 'add', path: '/metadata/finalizers/1', value: 'example.com/b' },
      { op: 'remove', path: '/metadata/finalizers/0' },
      { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/d' },
    ];
    const { body } = await cluster.admin.patch(path(), operations, 'json');
    expect(body.data).toEqual({ b: '4', copied: '4', moved: '3' });
    expect(body.metadata.labels).toEqual({ 'x.y/z': 'other' });
    expect(body.metadata.finalizers).toEqual(['example.com/b', 'example.com/c', 'example.com/d']);
  });

  it.each([
    ['a test that fails', { op: 'test', path: '/data/b', value: 'wrong' }],
    ['a test for null of what is there', { op: 'test', path: '/data/b', value: null }],
    ['a test of what is not there', { op: 'test', path: '/data/none', value: 'x' }],
    ['a test for null in nothing', { op: 'test', path: '/none/x', value: null }],
    ['a removal of nothing', { op: 'remove', path: '/data/none' }],
    ['a place in nothing', { op: 'add', path: '/none/x', value: 'x' }],
    ['an operation that is none', { op: 'dance', path: '/data/b' }],
  ])('with %s is 422 as a whole, which does not say why', async (_, operation) => {
    const lost = { op: 'add', path: '/data/lost', value: '1' };
    const { status, body } = await cluster.admin.patch(path(), [lost, operation], 'json');
    expect(status).toBe(422);
    expect(body).toMatchObject({ reason: 'Invalid', details: {} });
    expect(body.message).toBe('the server rejected our request due to an error in our request');
    expect((await cluster.admin.get(path())).body.data.lost).toBeUndefined();
  });

  it('that replaces what is not there adds it, unlike RFC 6902', async () => {
    await cluster.admin.create(maps, named('replaced', { data: { a: '1' } }));
    const replace = [{ op: 'replace', path: '/data/b', value: '2' }];
    const { body } = await cluster.admin.patch(`${maps}/replaced`, replace, 'json');
    expect(body.data).toEqual({ a: '1', b: '2' });
  });

  it('that tests for null passes where nothing is there, unlike RFC 6902', async () => {
    await cluster.admin.create(project.sessions, session('absent'));
    const absent = (path: string) => ({ op: 'test', path, value: null });
    const fields = ['/status', '/metadata/annotations', '/metadata/labels', '/metadata/deletionTimestamp'];
    const operations = [
      ...fields.map(absent),
      { op: 'add', path: '/metadata/annotations', value: {} },
      absent('/metadata/annotations/x.y~1z'),
      { op: 'add', path: '/metadata/annotations/x.y~1z', value: '1' },
    ];
    const target = `${project.sessions}/absent`;
    const patched = await cluster.admin.patch(target, operations, 'json');
    expect(patched.status).toBe(200);
    expect(patched.body.metadata.annotations).toEqual({ 'x.y/z': '1' });
    expect((await cluster.admin.patch(target, operations, 'json')).status).toBe(422);

    const status = [absent('/status'), { op: 'add', path: '/status', value: { phase: 'Failed' } }];
    expect((await cluster.admin.patch(`${target}/status`, status, 'json')).status).toBe(200);
    expect((await cluster.admin.patch(`${target}/status`, status, 'json')).status).toBe(422);
  });

  it('without a resourceVersion is not disturbed by others that write other fields', async () => {
    await cluster.admin.create(project.sessions, session('shared', { spec: {} }));
    const target = `${project.sessions}/shared`;
    const writers = Array.from({ length: 10 }, async (_, writer) => {
      const statuses: number[] = [];
      for (let n = 0; n < 10; n += 1) {
        const report = { status: { sdkRestartCount: n, lastActivityTime: new Date().toISOString() } };
        const rename = [{ op: 'add', path: '/spec/displayName', value: `${writer}-${n}` }];
        const patches = [
          cluster.admin.patch(`${target}/status`, report),
          cluster.admin.patch(target, rename, 'json'),
        ];
        for (const { status } of await Promise.all(patches)) statuses.push(status);
      }
      return statuses;
    });
    expect(new Set((await Promise.all(writers)).flat())).toEqual(new Set([200]));
  });

  it('that is no list is 400', async () => {
    expect((await cluster.admin.patch(path(), { op: 'test' }, 'json')).status).toBe(400);
  });
});

describe('other patches', () => {
  const accepted = (body: Body) => String(body.message);

  it('a strategic merge of a custom resource is 415 and names what is accepted', async () => {
    await cluster.admin.create(project.sessions, session('strategic'));
    const path = `${project.sessions}/strategic`;
    const { status, body } = await cluster.admin.patch(path, { spec: {} }, 'strategic-merge');
    expect(status).toBe(415);
    expect(body.reason).toBe('UnsupportedMediaType');
    expect(accepted(body)).toContain('application/json-patch+json, application/merge-patch+json');
  });

  it('a strategic merge of a built-in object works', async () => {
    await cluster.admin.create(maps, named('strategic', { data: { a: '1' } }));
    const patch = { data: { b: '2' } };
    const { status, body } = await cluster.admin.patch(`${maps}/strategic`, patch, 'strategic-merge');
    expect(status).toBe(200);
    expect(body.data).toEqual({ a: '1', b: '2' });
  });

  it('plain JSON is 415', async () => {
    await cluster.admin.create(maps, named('plain'));
    const type = { 'content-type': 'application/json' };
    expect((await cluster.admin.send('PATCH', `${maps}/plain`, {}, type)).status).toBe(415);
  });
});
