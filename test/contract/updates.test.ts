import { describe, expect, it } from 'vitest';
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
      repos: [{ url: 'https://b', branch: 'main', autoPush: false }],
      activeWorkflow: { gitUrl: 'u', branch: 'main', path: 'q' },
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
