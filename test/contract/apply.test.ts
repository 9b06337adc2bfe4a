import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { JOB_SPEC, session } from '../support/objects.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const TYPE = { 'content-type': 'application/apply-patch+yaml' };
const KIND = { apiVersion: 'vteam.ambient-code/v1alpha1', kind: 'AgenticSession' };

let count = 0;
let name = '';
beforeEach(() => {
  count += 1;
  name = `applied-${count}`;
});

const apply = (manager: string, more: object, query = '', who: 'admin' | 'victor' = 'admin') =>
  cluster
    .as(who)
    .send(
      'PATCH',
      `${project.sessions}/${name}?fieldManager=${manager}${query}`,
      JSON.stringify({ ...KIND, metadata: { name }, ...more }),
      TYPE,
    );
const applied = async (...args: Parameters<typeof apply>) => (await apply(...args)).body;
const update = (body: object) => cluster.admin.patch(`${project.sessions}/${name}?fieldManager=two`, body);

describe('server-side apply', () => {
  it('creates what does not exist, with the fields of its manager', async () => {
    const metadata = { name, labels: { a: '1' } };
    const { status, body } = await apply('one', { metadata, spec: { displayName: 'A', repos: [] } });
    expect(status).toBe(201);
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'one',
        operation: 'Apply',
        apiVersion: KIND.apiVersion,
        time: expect.any(String),
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:a': {} } },
          'f:spec': { 'f:displayName': {}, 'f:repos': {} },
        },
      },
    ]);
  });

  it('changes nothing if it is repeated', async () => {
    const first = await applied('one', { spec: { displayName: 'A' } });
    // Times of the fields of managers are in seconds.
    await setTimeout(1_000);
    const again = await apply('one', { spec: { displayName: 'A' } });
    expect([again.status, again.body]).toEqual([200, first]);
  });

  it('removes the fields that its manager applies no more, and no others', async () => {
    const labels = { a: '1', b: '2' };
    const spec = { displayName: 'A', initialPrompt: 'p', llmSettings: { model: 'm' } };
    await apply('one', { metadata: { name, labels }, spec });
    await update({ spec: { timeout: 60 }, metadata: { labels: { c: '3' } } });
    const body = await applied('one', { metadata: { name, labels: { a: '1' } }, spec: { displayName: 'B' } });
    expect(body.spec).toEqual({ displayName: 'B', timeout: 60 });
    expect(body.metadata.labels).toEqual({ a: '1', c: '3' });
  });

  it('is 409 if it would change the fields of others, unless it is forced', async () => {
    await apply('one', { spec: { displayName: 'A' } });
    await update({ spec: { displayName: 'B', timeout: 60 } });
    const conflict = 'conflict with "two" using vteam.ambient-code/v1alpha1';
    const one = await applied('one', { spec: { displayName: 'C' } });
    expect(one).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: `Apply failed with 1 conflict: ${conflict}: .spec.displayName`,
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: conflict, field: '.spec.displayName' }],
      },
    });
    const two = await applied('one', { spec: { displayName: 'C', timeout: 70 } });
    expect(two.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "two" using vteam.ambient-code/v1alpha1:\n- .spec.displayName\n- .spec.timeout',
    );
    const forced = await applied('one', { spec: { displayName: 'C' } }, '&force=true');
    expect(forced.spec).toEqual({ displayName: 'C', timeout: 60 });
    expect((await update({ spec: { timeout: 80 } })).status).toBe(200);
  });

  it('shares a field that others set to the same value', async () => {
    await apply('one', { spec: { displayName: 'A' } });
    expect((await apply('three', { spec: { displayName: 'A' } })).status).toBe(200);
    expect((await applied('three', { spec: { displayName: 'B' } })).message).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.displayName',
    );
    expect((await applied('one', { spec: {} })).spec.displayName).toBe('A');
    expect((await applied('three', { spec: {} })).spec).not.toHaveProperty('displayName');
  });

  it('respects what was written before it by other means', async () => {
    await cluster.admin.create(
      `${project.sessions}?fieldManager=poster`,
      session(name, { spec: { displayName: 'A' } }),
    );
    const conflict = await applied('one', { spec: { displayName: 'B' } });
    expect(conflict.message).toContain('conflict with "poster" using');
    expect((await applied('one', { spec: { initialPrompt: 'p' } })).spec).toMatchObject({
      displayName: 'A',
      initialPrompt: 'p',
    });
  });

  it('takes over the fields of another way to write them, and keeps the rest of the object', async () => {
    const path = `${project.sessions}?fieldManager=one`;
    const metadata = { name, annotations: { 'example.com/a': '1' } };
    await cluster.admin.create(path, session(name, { metadata, spec: { displayName: 'A' } }));
    const { body } = await cluster.admin.get(`${project.sessions}/${name}`);
    const managedFields = body.metadata.managedFields.map((entry: object) => {
      return { ...entry, operation: 'Apply' };
    });
    await update({ metadata: { managedFields } });
    const after = await applied('one', { spec: { displayName: 'B' } });
    expect(after.spec.displayName).toBe('B');
    expect(after.metadata).toMatchObject({ name, uid: body.metadata.uid });
    expect(after.metadata).not.toHaveProperty('annotations');
  });

  it('merges lists by the keys of their type', async () => {
    const path = `${project.jobs}/${name}`;
    const job = (manager: string, parallelism: number) => {
      const spec = { ...JOB_SPEC, suspend: true, parallelism };
      const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec };
      return cluster.admin.send('PATCH', `${path}?fieldManager=${manager}`, JSON.stringify(body), TYPE);
    };
    const { body } = await job('one', 1);
    expect(JSON.stringify(body.metadata.managedFields)).toContain(String.raw`k:{\"name\":\"runner\"}`);
    const again = await job('one', 2);
    expect(again.body.spec).toMatchObject({ parallelism: 2, template: body.spec.template });
  });

  it('writes a status as that of a subresource', async () => {
    await apply('one', { spec: {} });
    const status = { ...KIND, metadata: { name }, status: { phase: 'Running' } };
    const path = `${project.sessions}/${name}/status?fieldManager=one`;
    const { body } = await cluster.admin.send('PATCH', path, JSON.stringify(status), TYPE);
    expect(body.status).toEqual({ phase: 'Running' });
    expect(body.metadata.managedFields).toContainEqual(
      expect.objectContaining({ subresource: 'status', fieldsV1: { 'f:status': { 'f:phase': {} } } }),
    );
  });

  it('says what is wrong with the request', async () => {
    const send = async (query: string, more: object, type = TYPE) =>
      (
        await cluster.admin.send(
          'PATCH',
          `${project.sessions}/${name}${query}`,
          JSON.stringify({ ...KIND, metadata: { name }, ...more }),
          type,
        )
      ).body;
    expect((await send('', {})).message).toContain(
      'fieldManager: Required value: is required for apply patch',
    );
    expect(await send('?fieldManager=one', { metadata: { name: 'other' } })).toMatchObject({ code: 400 });
    expect((await send('?fieldManager=one', { metadata: { name, managedFields: [] } })).message).toBe(
      'metadata.managedFields must be nil',
    );
    expect((await send('?fieldManager=one', { metadata: { name, uid: 'x' } })).code).toBe(409);
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await send('?force=true', {}, merge)).message).toContain('force: Forbidden');
    expect((await apply('one', {}, '', 'victor')).status).toBe(403);
  });

  it('creates for those alone who may create', async () => {
    const { client } = await cluster.newAccount(project, [
      { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['patch'] },
    ]);
    const path = `${project.sessions}/${name}?fieldManager=one`;
    const body = JSON.stringify({ ...KIND, metadata: { name }, spec: {} });
    const refused = await client.send('PATCH', path, body, TYPE);
    expect([refused.status, refused.body.message]).toEqual([
      403,
      expect.stringContaining('cannot create resource "agenticsessions"'),
    ]);
    await apply('one', { spec: {} });
    expect((await client.send('PATCH', path, body, TYPE)).status).toBe(200);
  });

  it('in a dry run stores nothing', async () => {
    expect((await apply('one', { spec: {} }, '&dryRun=All')).status).toBe(201);
    expect((await cluster.admin.get(`${project.sessions}/${name}`)).status).toBe(404);
  });
});
