import { beforeAll, describe, expect, it } from 'vitest';
import type { Body } from '../support/kubernetes-client.ts';
import { named, session } from '../support/objects.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const maps = project.core('configmaps');

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
