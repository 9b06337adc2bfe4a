import { describe, expect, it } from 'vitest';
import { NAMESPACES, named, session, suspendedJob } from '../support/objects.ts';
import { causes, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const maps = project.core('configmaps');

const uid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

describe('a new object', () => {
  it('gets UID, resourceVersion, time and, if custom, generation 1', async () => {
    const { managedFields: _, ...metadata } = (await cluster.admin.create(project.sessions, session('fresh')))
      .metadata;
    expect(metadata).toEqual({
      name: 'fresh',
      namespace: project.name,
      uid,
      resourceVersion: expect.stringMatching(/^\d+$/),
      creationTimestamp: time,
      generation: 1,
    });
  });

  it('is answered as it is then read', async () => {
    const created = await cluster.admin.create(project.sessions, session('read', { spec: {} }));
    expect((await cluster.admin.get(`${project.sessions}/read`)).body).toEqual(created);
  });

  it('keeps integers of 64 bits', async () => {
    const custom = '{"max":9223372036854775807,"min":-9223372036854775808,"odd":9007199254740993}';
    const given = JSON.stringify(session('numbers', { spec: { mcpServers: { custom: {} } } }));
    await cluster.admin.must('POST', project.sessions, given.replace('"custom":{}', `"custom":${custom}`));
    await cluster.admin.must('PATCH', `${project.sessions}/numbers`, '{"spec":{"displayName":"x"}}', {
      'content-type': 'application/merge-patch+json',
    });
    const watch = cluster.admin.lines(`${project.sessions}?watch=true&fieldSelector=metadata.name=numbers`);
    const { value: line } = await watch.next();
    await watch.return(undefined);
    for (const number of ['9223372036854775807', '-9223372036854775808', '9007199254740993'])
      expect(line).toMatch(new RegExp(`:${number}[,}]`));
  });

  it('does not get the UID, time, deletion time or status that the client sends', async () => {
    const given = {
      name: 'claimed',
      uid: '5e551000-0000-4000-8000-000000000001',
      creationTimestamp: '2000-01-01T00:00:00Z',
      deletionTimestamp: '2000-01-01T00:00:00Z',
      generation: 7,
    };
    const body = { ...session('claimed'), metadata: given, status: { phase: 'Running' } };
    const { metadata, status } = await cluster.admin.create(project.sessions, body);
    expect(metadata.uid).not.toBe(given.uid);
    expect(metadata.creationTimestamp).not.toBe(given.creationTimestamp);
    expect(metadata).toMatchObject({ generation: 1 });
    expect(metadata.deletionTimestamp).toBeUndefined();
    expect(status).toBeUndefined();
  });

  it('may not have a resourceVersion', async () => {
    const { status, body } = await cluster.admin.post(maps, {
      metadata: { name: 'rv', resourceVersion: '5' },
    });
    expect(status).toBe(500);
    expect(body.message).toBe('resourceVersion should not be set on objects to be created');
  });

  it('under an old name has another UID', async () => {
    const first = await cluster.admin.create(maps, named('again'));
    await cluster.admin.delete(`${maps}/again`);
    const second = await cluster.admin.create(maps, named('again'));
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
  });

  it('with fieldManager is an object like any other; with dryRun=All it is answered and not stored', async () => {
    expect((await cluster.admin.post(`${maps}?fieldManager=writ`, named('managed'))).status).toBe(201);
    const { status, body } = await cluster.admin.post(`${maps}?dryRun=All`, named('dry'));
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'dry', uid });
    expect(body.metadata.resourceVersion).toBeUndefined();
    expect((await cluster.admin.get(`${maps}/dry`)).status).toBe(404);
    expect((await cluster.admin.post(`${maps}?dryRun=Some`, named('dry'))).status).toBe(422);
  });
});

describe('generateName', () => {
  it('adds five characters and is kept', async () => {
    const { metadata } = await cluster.admin.create(maps, { metadata: { generateName: 'some-' } });
    expect(metadata.name).toMatch(/^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(metadata.generateName).toBe('some-');
  });

  it('is cut, so that the name has 63 characters', async () => {
    const { metadata } = await cluster.admin.create(maps, { metadata: { generateName: 'x'.repeat(80) } });
    expect(metadata.name).toHaveLength(63);
  });

  it('counts only where there is no name', async () => {
    const { metadata } = await cluster.admin.create(maps, {
      metadata: { name: 'given', generateName: 'some-' },
    });
    expect(metadata.name).toBe('given');
  });

  it('follows the rules of names', async () => {
    const { status, body } = await cluster.admin.post(maps, { metadata: { generateName: 'Bad_' } });
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['metadata.generateName', 'metadata.name']);
  });
});

describe('names', () => {
  it.each(['No_Good', '..', '-a', 'a-', 'a/b', 'a%b', 'x'.repeat(254)])('%s is 422', async (name) => {
    for (const [path, object] of [[maps, named(name)] as const, [project.sessions, session(name)] as const]) {
      const { status, body } = await cluster.admin.post(path, object);
      expect(status).toBe(422);
      expect(body.reason).toBe('Invalid');
      expect(body.details.causes[0]).toMatchObject({ field: 'metadata.name', reason: 'FieldValueInvalid' });
    }
  });

  it('are required', async () => {
    const { status, body } = await cluster.admin.post(maps, { metadata: {} });
    expect(status).toBe(422);
    const message = 'Required value: name or generateName is required';
    const wanted = [{ field: 'metadata.name', reason: 'FieldValueRequired', message }];
    expect(body.details).toEqual({ kind: 'ConfigMap', causes: wanted });
    expect(body.message).toBe(`ConfigMap "" is invalid: metadata.name: ${message}`);
  });

  it('of custom resources may be as long as 253 characters, of Jobs 63, of namespaces 63 without dots', async () => {
    const post = async (path: string, object: object) => (await cluster.admin.post(path, object)).status;
    expect(await post(project.sessions, session('x'.repeat(253)))).toBe(201);
    expect(await post(project.jobs, suspendedJob('x'.repeat(63)))).toBe(201);
    expect(await post(project.jobs, suspendedJob('x'.repeat(64)))).toBe(422);
    expect(await post(NAMESPACES, named('x'.repeat(64)))).toBe(422);
    expect(await post(NAMESPACES, named('dotted.name'))).toBe(422);
  });
});

describe('metadata', () => {
  const post = (metadata: object) => cluster.admin.post(maps, { metadata: { name: 'wrong', ...metadata } });

  it.each([
    [{ labels: { a: 'x'.repeat(64) } }, 'metadata.labels'],
    [{ labels: { 'a b': 'x' } }, 'metadata.labels'],
    [{ labels: { 'a..b/team': 'x' } }, 'metadata.labels'],
    [{ labels: { 'a-.b/team': 'x' } }, 'metadata.labels'],
    [{ annotations: { 'a..b/c': 'x' } }, 'metadata.annotations'],
    [{ annotations: { 'a b': 'x' } }, 'metadata.annotations'],
    [{ annotations: { a: 'x'.repeat(256 * 1024) } }, 'metadata.annotations'],
    [{ finalizers: ['unqualified'] }, 'metadata.finalizers[0]'],
  ])('%# is 422', async (metadata, field) => {
    const { status, body } = await post(metadata);
    expect(status).toBe(422);
    expect(causes(body)).toEqual([field]);
  });

  it('of the wrong JSON type is 400', async () => {
    expect((await post({ labels: { a: 1 } })).status).toBe(400);
    expect((await post({ finalizers: 'one' })).status).toBe(400);
  });

  it('names owners whole, and one controller at most', async () => {
    const incomplete = await post({ ownerReferences: [{ kind: 'Job' }] });
    expect(incomplete.status).toBe(422);
    expect(causes(incomplete.body)).toEqual(
      ['apiVersion', 'name', 'uid'].map((field) => `metadata.ownerReferences[0].${field}`),
    );
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'y', controller: true };
    expect((await post({ ownerReferences: [owner, { ...owner, uid: 'z' }] })).status).toBe(422);
  });
});
